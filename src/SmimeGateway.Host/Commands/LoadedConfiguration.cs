using SmimeGateway.Host.Configuration;

namespace SmimeGateway.Host.Commands;

/// <summary>
/// Loads the configuration for a command, and complains about every error at once. Warnings are for <c>check</c> and the start of the gateway: whoever
/// asks for something else has read them there.
/// </summary>
internal static class LoadedConfiguration
{
    /// <summary>The options, or null after the errors were written to standard error.</summary>
    public static GatewayOptions? Load(string path) => LoadWithDocument(path).Options;

    /// <summary>The options and the document they were read from; no options after the errors were written to standard error.</summary>
    public static LoadResult LoadWithDocument(string path)
    {
        var loaded = ConfigurationLoader.Load(path);
        foreach (var error in loaded.Errors)
        {
            Answer.Complain("error: " + error);
        }

        if (loaded.Options is null)
        {
            Answer.Complain($"{path} cannot be used: {loaded.Errors.Count} error(s).");
        }

        return loaded;
    }
}
