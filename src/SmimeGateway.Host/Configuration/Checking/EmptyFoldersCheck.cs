using SmimeGateway.Certificates.Trusting;

namespace SmimeGateway.Host.Configuration.Checking;

/// <summary>Folders of authorities hold some.</summary>
internal static class EmptyFoldersCheck
{
    /// <summary>Warns about folders without a certificate: nobody is trusted by them, and nothing else says so before mail is refused.</summary>
    public static IEnumerable<CheckFinding> Check(string subject, IReadOnlyList<string> paths) => paths
        .Where(Directory.Exists)
        .Where(folder => AuthorityFiles.Load([folder]) is { Certificates.Count: 0, Problems.Count: 0 })
        .Select(folder => CheckFinding.Warning(
            $"{subject}: {folder}", "The folder holds no certificate (.pem, .crt, .cer, .der, .p7b and the like). Put those of the authorities there, or remove it from the list."));
}
