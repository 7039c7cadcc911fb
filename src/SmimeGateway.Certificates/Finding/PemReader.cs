using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding;

/// <summary>Reads certificates and keys in PEM: chains, and keys in PKCS #8, PKCS #1 and SEC 1, encrypted or not, from one file or several.</summary>
internal sealed class PemReader
{
    private readonly string _source;
    private readonly string _path;
    private readonly string? _password;
    private readonly List<X509Certificate2> _certificates = [];
    private readonly List<PrivateKey> _keys = [];
    private readonly List<SourceProblem> _problems = [];

    private PemReader(string source, string path, string? password)
    {
        _source = source;
        _path = path;
        _password = password;
    }

    /// <summary>Reads the files as one; whatever is wrong becomes a problem that names a remedy.</summary>
    public static FileReading<OwnCertificate> Read(string source, string path, IEnumerable<byte[]> files, string? password)
    {
        var reader = new PemReader(source, path, password);
        foreach (var file in files)
        {
            var blocks = PemBlock.ReadAll(file, out var isCutOff);
            foreach (var block in blocks)
            {
                reader.Take(block);
            }

            if (isCutOff)
            {
                reader.Complain("it is not whole: a block in it has no end", "Copy it again");
            }
        }

        return reader.Pair();
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
                Complain("its private key is encrypted, and no password is configured", "Name its password with \"password\": { \"file\": ... }");
                break;
            case "ENCRYPTED PRIVATE KEY":
                TakeKey(PrivateKeyReading.OfEncryptedPkcs8(block.Content, _password));
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

    private void TakeKey(PrivateKeyReading reading)
    {
        if (reading.Key is { } key)
        {
            _keys.Add(key);
        }
        else
        {
            Complain(reading.Fault!, "Check the password, or replace the key by one of RSA or a NIST curve", conceals: !reading.IsUnsupported);
        }
    }

    private FileReading<OwnCertificate> Pair()
    {
        var own = new List<OwnCertificate>();
        var others = new List<X509Certificate2>();
        var used = new HashSet<PrivateKey>();
        var keys = _keys.DistinctBy(key => Convert.ToHexString(key.PublicKey)).ToDictionary(key => Convert.ToHexString(key.PublicKey));
        foreach (var certificate in _certificates)
        {
            if (!keys.TryGetValue(Convert.ToHexString(certificate.GetPublicKey()), out var key))
            {
                others.Add(certificate);
                continue;
            }

            used.Add(key);
            var traits = CertificateTraits.Read(certificate);
            own.Add(new OwnCertificate(_source, _path, certificate, [], traits) { KeyOpening = new KeyOpening(() => OpenedKey.Join(certificate, key)) });
            if (traits.Fault is { } fault)
            {
                Complain($"the certificate of {traits.Subject} is unusable: {fault}", "Replace it", conceals: false);
            }
        }

        ComplainOfLeftovers(own.Count, keys.Count, used.Count);
        return new FileReading<OwnCertificate>(own, others, _problems);
    }

    private void ComplainOfLeftovers(int own, int keys, int used)
    {
        if (keys > used)
        {
            Complain("it holds a private key, but not its certificate", "Add the certificate that was issued for this key");
        }
        else if (own == 0 && _certificates.Count == 0 && _problems.Count == 0)
        {
            Complain("it holds neither a certificate nor a key", "Export the file again");
        }
    }

    private void Complain(string reason, string remedy, bool conceals = true)
        => _problems.Add(new SourceProblem(_source, _path, reason, remedy) { Conceals = conceals });
}
