using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>Reads certificates and keys in PEM: chains, and keys in PKCS #8, PKCS #1 and SEC 1, encrypted or not, from one file or several.</summary>
internal sealed class PemReader
{
    private readonly string _source;
    private readonly FileNaming _naming;
    private readonly string? _password;
    private readonly List<X509Certificate2> _certificates = [];
    private readonly List<(PrivateKey Key, string Path)> _keys = [];
    private readonly List<SourceProblem> _problems = [];
    private string _path;

    private PemReader(string source, string path, string? password, FileNaming naming)
    {
        _source = source;
        _naming = naming;
        _path = path;
        _password = password;
    }

    /// <summary>Reads a file; whatever is wrong becomes a problem that names a remedy.</summary>
    public static FileReading<OwnCertificate> Read(string source, string path, byte[] file, string? password, FileNaming naming)
        => Read(source, [(path, file)], password, naming, keyRemedy: "Add the private key");

    /// <summary>Reads files as one; whatever is wrong becomes a problem that names the file at fault and a remedy.</summary>
    /// <param name="source">The name of the source.</param>
    /// <param name="files">The file of the certificates, and perhaps one of keys.</param>
    /// <param name="password">The password of the keys, or null.</param>
    /// <param name="naming">How the configuration comes to the files.</param>
    /// <param name="keyRemedy">Where a key that is missing is to be put.</param>
    public static FileReading<OwnCertificate> Read(
        string source, IReadOnlyList<(string Path, byte[] Content)> files, string? password, FileNaming naming, string keyRemedy)
    {
        var reader = new PemReader(source, files[0].Path, password, naming);
        foreach (var (path, content) in files)
        {
            reader._path = path;
            reader.TakeFile(content);
        }

        reader._path = files[0].Path;
        return reader.Pair(files.Count > 1 ? files[^1].Path : null, keyRemedy);
    }

    private void TakeFile(byte[] content)
    {
        var before = _certificates.Count + _keys.Count + _problems.Count;
        var blocks = PemBlock.ReadAll(content, out var isCutOff);
        foreach (var block in blocks)
        {
            Take(block);
        }

        if (isCutOff)
        {
            Complain("it is not whole: a block in it has no end", "Copy it again");
        }
        else if (before == 0 && _certificates.Count + _keys.Count + _problems.Count == 0)
        {
            const byte Sequence = 0x30;
            if (content is [Sequence, ..])
            {
                Complain("it is no PEM file, but a binary one", _naming.TakeForPkcs12());
            }
            else
            {
                Complain("it holds neither a certificate nor a key", "Export the file again");
            }
        }
    }

    private void Take(PemBlock block)
    {
        if (block.IsOldEncryption)
        {
            Complain("its private key is encrypted in the old form of OpenSSL", "Rewrite it with: openssl pkcs8 -topk8 -in OLD -out NEW");
            return;
        }

        if (block.Content is null)
        {
            Complain($"its block {PrintableText.Of(block.Label)} is not Base64", "Export the file again");
            return;
        }

        switch (block.Label)
        {
            case "CERTIFICATE" or "X509 CERTIFICATE" or "TRUSTED CERTIFICATE":
                TakeCertificate(block.Content);
                break;
            case "PRIVATE KEY":
                TakeKey(PrivateKeyReading.OfPkcs8(block.Content));
                break;
            case "ENCRYPTED PRIVATE KEY" when _password is null:
                Complain("its private key is encrypted, and no password is configured", _naming.NamePassword(_path));
                break;
            case "ENCRYPTED PRIVATE KEY":
                TakeKey(PrivateKeyReading.OfEncryptedPkcs8(block.Content, _password), _naming.CheckPassword(_path));
                break;
            case "RSA PRIVATE KEY":
                TakeKey(PrivateKeyReading.OfPkcs1(block.Content));
                break;
            case "EC PRIVATE KEY":
                TakeKey(PrivateKeyReading.OfSec1(block.Content));
                break;
            default:
                // Curve parameters and requests stand beside keys and are not needed.
                break;
        }
    }

    private void TakeCertificate(byte[] content)
    {
        try
        {
            _certificates.Add(X509CertificateLoader.LoadCertificate(content));
        }
        catch (CryptographicException)
        {
            Complain("a certificate in it is damaged", "Export the file again");
        }
    }

    private void TakeKey(PrivateKeyReading reading, string remedy = "Copy it again")
    {
        if (reading.Key is { } key)
        {
            _keys.Add((key, _path));
        }
        else
        {
            Complain(
                reading.Fault!, (reading.IsUnsupported ? "Replace the key" : $"{remedy}, or replace the key") + " by one of RSA or a NIST curve", conceals: !reading.IsUnsupported);
        }
    }

    private FileReading<OwnCertificate> Pair(string? keyFile, string keyRemedy)
    {
        var own = new List<OwnCertificate>();
        var others = new List<X509Certificate2>();
        var used = new HashSet<PrivateKey>();
        var keys = _keys.DistinctBy(entry => Convert.ToHexString(entry.Key.PublicKey)).ToDictionary(entry => Convert.ToHexString(entry.Key.PublicKey));
        foreach (var certificate in _certificates)
        {
            if (!keys.TryGetValue(Convert.ToHexString(certificate.GetPublicKey()), out var found))
            {
                others.Add(certificate);
                continue;
            }

            var key = found.Key;
            used.Add(key);
            var traits = CertificateTraits.Read(certificate);
            own.Add(new OwnCertificate(_source, _path, certificate, [], traits) { KeyOpening = new KeyOpening(() => OpenedKey.Join(certificate, key)) });
            if (traits.Fault is { } fault)
            {
                Complain($"the certificate of {traits.Subject} is unusable: {fault}", "Replace it", conceals: false);
            }
        }

        // What is missing may stand in what could not be read, which is told already.
        if (!_problems.Exists(problem => problem.Conceals))
        {
            ComplainOfLeftovers(own, others, keys.Values.Where(entry => !used.Contains(entry.Key)).Select(entry => entry.Path).FirstOrDefault(), keyFile, keyRemedy);
        }

        return new FileReading<OwnCertificate>(own, others, _problems);
    }

    private void ComplainOfLeftovers(List<OwnCertificate> own, List<X509Certificate2> others, string? keyLeft, string? keyFile, string keyRemedy)
    {
        if (keyLeft is not null)
        {
            var reason = keyLeft == _path ? "it holds a private key, but not its certificate" : $"it holds a private key whose certificate is not in {Path.GetFileName(_path)}";
            _problems.Add(new SourceProblem(_source, keyLeft, reason, "Add the certificate that was issued for this key, or the key of the certificate"));
            return;
        }

        if (FindKeyless(own, others) is { } alone)
        {
            _problems.Add(keyFile is null
                ? new SourceProblem(_source, _path, $"the private key of {alone.Subject} is missing", keyRemedy)
                : new SourceProblem(_source, keyFile, $"it does not hold the private key of {alone.Subject}", "Copy the key again"));
        }
    }

    /// <summary>
    /// The first certificate whose key is missing, or null. Issuers may lie in a file alone, and former certificates of a mailbox; that of a mailbox
    /// is there to sign with: its key was not copied yet, or went away.
    /// </summary>
    internal static CertificateTraits? FindKeyless(IEnumerable<OwnCertificate> own, IEnumerable<X509Certificate2> others)
    {
        var known = own.SelectMany(held => held.Traits.AddressKeys).ToHashSet(StringComparer.Ordinal);
        return others.Select(CertificateTraits.Read).FirstOrDefault(traits => !traits.IsAuthority && traits.AddressKeys.Any(key => !known.Contains(key)));
    }

    private void Complain(string reason, string remedy, bool conceals = true)
        => _problems.Add(new SourceProblem(_source, _path, reason, remedy) { Conceals = conceals });
}
