using SmimeGateway.Settings;

namespace SmimeGateway.Host.Configuration.Binding;

/// <summary>Where relative paths start.</summary>
/// <param name="ConfigurationFolder">The folder of the configuration file, for what is read.</param>
/// <param name="DataFolder">The folder for what is written.</param>
internal sealed record PathStart(string ConfigurationFolder, string DataFolder)
{
    /// <summary>Makes a path absolute.</summary>
    public string Resolve(Notation notation, string path) =>
        Path.GetFullPath(Path.Combine(notation == Notation.WrittenPath ? DataFolder : ConfigurationFolder, path));
}
