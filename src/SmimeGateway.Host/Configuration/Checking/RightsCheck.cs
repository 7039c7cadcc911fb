using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Host.Configuration.Binding;
using SmimeGateway.Locating;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>Nobody else can change what the gateway works by, or read its secrets.</summary>
internal static class RightsCheck
{
    // What these keys name is a secret, or holds one.
    private static readonly string[] Secret = ["file", "key", "pkcs12", "users"];

    /// <summary>A warning for each file or folder that is open to others.</summary>
    /// <param name="configurationFile">The file of the configuration.</param>
    /// <param name="options">What it says.</param>
    public static IEnumerable<CheckFinding> Check(string configurationFile, GatewayOptions options) =>
        PlacesIn(options, string.Empty)
            .Prepend(new Place("the configuration", Path.GetFullPath(configurationFile), IsSecret: false))
            .Append(new Place("encryption.holdKey", HoldKey.FileIn(options.DataFolder), IsSecret: true))
            .OrderByDescending(place => place.IsSecret)
            .DistinctBy(place => place.Path)
            .Select(Judge)
            .OfType<CheckFinding>();

    private static CheckFinding? Judge(Place place)
    {
        var rights = FileRights.OfOthers(place.Path);
        var deeds = (place.IsSecret && rights.MayRead, rights.MayWrite) switch
        {
            (true, true) => "read and change",
            (true, false) => "read",
            (false, true) => "change",
            _ => null,
        };

        // A device is open to all by its nature, and shutting them out of it would break the machine.
        return deeds is null || !RegularFile.IsOne(place.Path) ? null : CheckFinding.Warning(
            $"{place.Key}: {place.Path}",
            $"Others may {deeds} it (mode {rights.Mode}){(place.IsSecret ? ", and it is secret" : "")}. Shut them out{(rights.MayRead && place.IsSecret ? ", once the gateway's user owns it or is in its group" : "")}: chmod {(place.IsSecret ? "o=,g-w" : "go-w")} {place.Path}");
    }

    private static IEnumerable<Place> PlacesIn(object options, string above)
    {
        foreach (var key in OptionShape.Of(options.GetType()).Keys)
        {
            var name = above + key.Name;
            var value = key.Property.GetValue(options);
            var each = key.IsList && !key.IsDictionary ? ((System.Collections.IEnumerable)value!).Cast<object>().Select((element, i) => ($"{name}[{i}]", element))
                : value is null ? [] : [(name, value)];
            foreach (var place in each.SelectMany(entry => entry switch
            {
                (var at, string path) when key.Notation == Notation.ReadPath => FilesOf(options, key.Name, at, path),
                (var at, string folder) when options is OwnCertificateOptions && key.Notation == Notation.WrittenPath => [new Place(at, BuiltInAuthority.KeyFileIn(folder), IsSecret: true)],
                (var at, var inner) when OptionShape.IsOptions(inner.GetType()) => PlacesIn(inner, at + "."),
                _ => [],
            }))
            {
                yield return place;
            }
        }
    }

    // A folder of own certificates holds their keys, and so does a file beside which no other one is named for the key.
    private static IEnumerable<Place> FilesOf(object options, string key, string at, string path) =>
        options is OwnCertificateOptions && key == "folder" ? KeysIn(path).Select(file => new Place(at, file, IsSecret: true)).Prepend(new Place(at, path, IsSecret: false))
        : [new Place(at, path, Secret.Contains(key) || options is PemOptions { Key: null } || (options is Accepting.ListenerTlsOptions { Key: null } && key == "certificate"))];

    private static IReadOnlyList<string> KeysIn(string folder)
    {
        try
        {
            // One of a kind shows what is wrong with all of them.
            return [.. Directory.EnumerateFiles(folder).Where(file => FileRights.OfOthers(file) is { MayRead: true } or { MayWrite: true }).Take(1)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private sealed record Place(string Key, string Path, bool IsSecret);
}
