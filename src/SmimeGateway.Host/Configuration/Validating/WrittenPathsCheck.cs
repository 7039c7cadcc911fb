using System.Text;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Configuration.Validating;

/// <summary>What the gateway writes does not get mixed up.</summary>
internal static class WrittenPathsCheck
{
    // sun_path of Linux has 108 bytes, the last of them zero.
    private const int MaxSocketPathBytes = 107;

    /// <summary>Complains about folders with two purposes, and a socket whose path the system does not take.</summary>
    public static void Check(GatewayOptions options, Place root, Complaints complaints)
    {
        var purposes = new Dictionary<string, string>(StringComparer.Ordinal);
        Claim(options.Queue.Disk, "the queue", root["queue"]["disk"]);
        for (var i = 0; i < options.Certificates.Own.Count; i++)
        {
            Claim(options.Certificates.Own[i].Authority, $"the authority \"{options.Certificates.Own[i].Name}\"", root["certificates"]["own"][i]["authority"]);
        }

        for (var i = 0; i < options.Certificates.Partners.Count; i++)
        {
            // Two entries may read one folder, each in its own way, but nothing else may write there: it would be encrypted to.
            Claim(options.Certificates.Partners[i].Folder, "partners' certificates", root["certificates"]["partners"][i]["folder"]);
        }

        for (var i = 0; i < options.Routes.Count; i++)
        {
            Claim(options.Routes[i].Folder, "routes", root["routes"][i]["folder"]);
        }

        var socket = root["admin"]["socket"];
        if (complaints.IsSound(socket) && Encoding.UTF8.GetByteCount(options.Admin.Socket) > MaxSocketPathBytes)
        {
            complaints.Error(socket, new Flaw(
                $"the absolute path of a socket has at most {MaxSocketPathBytes} bytes", "Write a shorter one, such as \"/run/smimegateway.sock\"."));
        }

        void Claim(string? folder, string purpose, Place place)
        {
            if (folder is null || !complaints.IsSound(place))
            {
                return;
            }

            var path = Path.TrimEndingDirectorySeparator(folder);
            if (!purposes.TryAdd(path, purpose) && purposes[path] != purpose)
            {
                complaints.Error(place, new Flaw($"this is the folder of {purposes[path]}", "Name another folder."));
            }
        }
    }
}
