using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Finding.Formats;

namespace SmimeGateway.Certificates.Finding;

/// <summary>A PKCS #12 file with any number of certificates and keys, read again whenever it changes.</summary>
public sealed class Pkcs12File : WatchedCertificates
{
    private Pkcs12File(FileWatchPlan<OwnCertificate> plan, TimeProvider time)
        : base(plan, time)
    {
    }

    /// <summary>Reads the file; whatever is wrong with it stands in <see cref="WatchedCertificates.Problems"/>.</summary>
    public static Pkcs12File Open(string name, string path, SecretReader? password, TimeProvider time, FileNaming naming = FileNaming.Source)
    {
        var file = new WatchedFile(path, SecretReader.FilesOf(password));
        var plan = new FileWatchPlan<OwnCertificate>(
            name,
            [.. file.Companions.Prepend(path).Select(place => Path.GetDirectoryName(Path.GetFullPath(place))!).Distinct()],
            _ => [file],
            (_, contents) => SecretReader.Try(password, out var secret, out var reason)
                ? Pkcs12Reader.Read(name, path, contents[0], secret, naming)
                : FileReading<OwnCertificate>.Failed(new SourceProblem(name, path, reason, password!.Remedy)))
        {
            Naming = naming,
        };
        return new Pkcs12File(plan, time);
    }
}
