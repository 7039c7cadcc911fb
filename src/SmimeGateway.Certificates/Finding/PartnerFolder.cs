using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Finding;

/// <summary>
/// A folder of the certificates of partners, in whatever kind of file they sent them; files that come, change or go are noticed. Of a
/// PKCS #12 file only the certificates are read, never a key; a file NAME.password, or NAME.p12.password, holds its password.
/// </summary>
public sealed class PartnerFolder : IPartnerSource
{
    private static readonly HashSet<string> Extensions =
        new([".cer", ".crt", ".cert", ".pem", ".der", ".p7b", ".p7c", ".sst", ".pfx", ".p12"], StringComparer.OrdinalIgnoreCase);

    private readonly string _folder;
    private readonly bool _isVouchedFor;
    private readonly FileWatch<PartnerCertificate> _watch;

    private PartnerFolder(string name, string folder, bool isVouchedFor, TimeProvider time)
    {
        Name = name;
        _folder = folder;
        _isVouchedFor = isVouchedFor;
        _watch = new FileWatch<PartnerCertificate>(new FileWatchPlan<PartnerCertificate>(name, [folder], List, Read), time);
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public IReadOnlyList<PartnerCertificate> All => _watch.Snapshot.All;

    /// <inheritdoc />
    public long Version => _watch.Version;

    /// <inheritdoc />
    public IReadOnlyList<SourceProblem> Problems => _watch.Snapshot.Problems;

    /// <summary>Reads the folder; whatever is wrong with it stands in <see cref="Problems"/>.</summary>
    /// <param name="name">The configured name of the source.</param>
    /// <param name="folder">The folder; it need not exist yet.</param>
    /// <param name="isVouchedFor">Whether its certificates need no chain to a trusted root.</param>
    /// <param name="time">The clock.</param>
    public static PartnerFolder Open(string name, string folder, bool isVouchedFor, TimeProvider time)
        => new(name, Path.GetFullPath(folder), isVouchedFor, time);

    /// <summary>Looks at the folder now, without waiting for a notification.</summary>
    public void LookNow() => _watch.LookNow();

    /// <inheritdoc />
    public void AcceptLoss() => _watch.AcceptLoss();

    /// <inheritdoc />
    public ValueTask<PartnerCertificateCollection> FindAsync(string address, CancellationToken cancellationToken)
        => ValueTask.FromResult(_watch.Snapshot.Find(address) is { Count: > 0 } found ? new PartnerCertificateCollection(found) : PartnerCertificateCollection.Empty);

    /// <inheritdoc />
    public void OnArrival(Action arrived) => _watch.Changes.Add(arrived);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    private List<WatchedFile>? List(List<SourceProblem> problems)
        => SourceFolder.List(Name, _folder, path => Extensions.Contains(Path.GetExtension(path)), problems)?
            .Select(path => new WatchedFile(path, IsPkcs12(path) ? SourceFolder.PasswordFiles(path) : []))
            .ToList();

    private FileReading<PartnerCertificate> Read(WatchedFile file, IReadOnlyList<byte[]> contents)
        => IsPkcs12(file.Path) && (CertificateFile.MayBePkcs12(contents[0]) || Pkcs12Reader.FindCut(contents[0]) is not null) ? ReadPkcs12(file.Path, contents[0]) : ReadCertificates(file.Path, contents[0]);

    private FileReading<PartnerCertificate> ReadPkcs12(string path, byte[] content)
    {
        var password = SourceFolder.PasswordFiles(path).FirstOrDefault(File.Exists) is { } own ? SecretReader.FromFile(own) : null;
        if (!SecretReader.Try(password, out var secret, out var reason))
        {
            return FileReading<PartnerCertificate>.Failed(new SourceProblem(Name, path, reason, password!.Remedy));
        }

        if (Pkcs12Reader.Open(Name, path, content, FileNaming.PartnerFolder, ref secret, out var problem) is not { } bags)
        {
            return FileReading<PartnerCertificate>.Failed(problem!);
        }

        var certificates = bags.ReadCertificates(out var unreadable).Select(bag => bag.Certificate);
        return Sort(path, [.. certificates], unreadable);
    }

    private FileReading<PartnerCertificate> ReadCertificates(string path, byte[] content)
    {
        var file = CertificateFile.Read(content);
        return Sort(path, file.Certificates, file.Unreadable);
    }

    private FileReading<PartnerCertificate> Sort(string path, IReadOnlyList<X509Certificate2> certificates, int unreadable)
    {
        var partners = new List<PartnerCertificate>();
        var authorities = new List<X509Certificate2>();
        var problems = new List<SourceProblem>();
        foreach (var certificate in certificates)
        {
            // Programs that make self-signed certificates call them authorities; an address says that somebody writes mail with it.
            var partner = PartnerCertificate.Of(Name, path, certificate) with { IsVouchedFor = _isVouchedFor };
            if (partner.Traits is { IsAuthority: true, Addresses.Count: 0 })
            {
                authorities.Add(certificate);
                continue;
            }

            partners.Add(partner);
            if (partner.Traits.Fault is { } fault)
            {
                problems.Add(new SourceProblem(Name, path, $"the certificate of {partner.Traits.Subject} is unusable: {fault}", "Ask its owner for another") { Conceals = false });
            }
        }

        if (unreadable > 0)
        {
            problems.Add(new SourceProblem(Name, path, certificates.Count == 0 ? "it holds no certificate that can be read" : $"{unreadable} parts of it are damaged or no certificates", "Export it again"));
        }
        else if (certificates.Count == 0)
        {
            problems.Add(new SourceProblem(Name, path, "it holds no certificate", "Export it again") { Conceals = false });
        }

        return new FileReading<PartnerCertificate>(partners, authorities, problems);
    }

    private static bool IsPkcs12(string path) => Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12";
}
