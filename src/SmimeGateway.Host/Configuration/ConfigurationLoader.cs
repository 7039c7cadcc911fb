using SmimeGateway.Host.Configuration.Binding;
using SmimeGateway.Host.Configuration.Profiles;
using SmimeGateway.Host.Configuration.Reading;
using SmimeGateway.Host.Configuration.Validating;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Configuration;

/// <summary>Loads a configuration file. Whatever the file holds, the answer is options or errors, never an exception.</summary>
internal static class ConfigurationLoader
{
    /// <summary>Reads, binds and validates the file.</summary>
    public static LoadResult Load(string path)
    {
        var flaw = ConfigurationFile.TryRead(path, out var bytes);
        if (flaw is null)
        {
            return Load(path, bytes);
        }

        var complaints = new Complaints(path, new SourceText([]));
        complaints.FileError(flaw);
        return new LoadResult(null, complaints.Errors, [], null);
    }

    /// <summary>Binds and validates the content of a file.</summary>
    /// <param name="path">The path of the file, for messages and as the start of relative paths.</param>
    /// <param name="bytes">The content.</param>
    public static LoadResult Load(string path, byte[] bytes)
    {
        var text = new SourceText(bytes);
        var complaints = new Complaints(path, text);
        var document = new ConfigurationReader(text, complaints).Read();
        if (document is null)
        {
            return new LoadResult(null, complaints.Errors, [], null);
        }

        var binder = new OptionBinder(complaints, FindPathStart(path, document));
        var root = new Place(document);
        var options = RuleProfiles.Apply((GatewayOptions)binder.Bind(typeof(GatewayOptions), document), root);
        ConfigurationRules.Check(options, root, complaints);
        return new LoadResult(complaints.Errors.Count == 0 ? options : null, complaints.Errors, complaints.Warnings, document);
    }

    // The data folder is needed while the paths below it are bound, wherever in the file it stands. A wrong one is complained about
    // when its turn comes.
    private static PathStart FindPathStart(string path, ConfigurationNode document)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(path);
        var start = new PathStart(folder, folder);
        var data = document.Find("dataFolder") is { Kind: NodeKind.String } node && NotationCheck.Check(Notation.ReadPath, node.Text) is null
            ? node.Text
            : new GatewayOptions().DataFolder;
        return start with { DataFolder = start.Resolve(Notation.ReadPath, data) };
    }
}
