using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>Finds the certificate of each key of a PKCS #12 file.</summary>
internal static class Pkcs12Match
{
    /// <summary>Every program writes identifiers; a file of many keys without them would cost a password derivation for each.</summary>
    private const int MaxKeysWithoutIdentifier = 100;

    /// <summary>Pairs by the identifiers of the file; a key whose identifier is missing or ambiguous is opened and compared.</summary>
    public static FileReading<OwnCertificate> Pair(string source, string path, Pkcs12Bags bags, string? password)
    {
        var problems = new List<SourceProblem>();
        var certificates = bags.ReadCertificates(out var unreadable);
        if (unreadable > 0)
        {
            problems.Add(new SourceProblem(source, path, $"{unreadable} certificates in it are damaged", "Export the file again"));
        }

        var openings = new Dictionary<X509Certificate2, KeyOpening>(ReferenceEqualityComparer.Instance);
        var byKeyId = certificates.Where(bag => bag.KeyId is not null).ToLookup(bag => bag.KeyId!, bag => bag.Certificate, StringComparer.Ordinal);
        var ambiguous = bags.Keys.Where(key => key.KeyId is not null).CountBy(key => key.KeyId!).Where(pair => pair.Value > 1).Select(pair => pair.Key).ToHashSet();
        var byPublicKey = certificates.ToLookup(bag => Convert.ToHexString(bag.Certificate.GetPublicKey()), bag => bag.Certificate, StringComparer.Ordinal);
        var withoutIdentifier = 0;
        foreach (var (keyId, key, isEncrypted) in bags.Keys)
        {
            PrivateKeyReading Open() => isEncrypted ? PrivateKeyReading.OfEncryptedPkcs8(key, password) : PrivateKeyReading.OfPkcs8(key);

            if (keyId is not null && !ambiguous.Contains(keyId) && byKeyId[keyId].ToList() is [var certificate])
            {
                openings[certificate] = new KeyOpening(() => OpenedKey.ReadAndJoin(certificate, Open));
                continue;
            }

            if (++withoutIdentifier > MaxKeysWithoutIdentifier)
            {
                problems.Add(new SourceProblem(source, path, $"more than {MaxKeysWithoutIdentifier} of its keys do not tell their certificate", "Split it into several files"));
                break;
            }

            var reading = Open();
            if (reading.Key is not { } opened)
            {
                problems.Add(new SourceProblem(source, path, reading.Fault!, "Remove the key from the file, or replace it by one of RSA or a NIST curve") { Conceals = !reading.IsUnsupported });
                continue;
            }

            foreach (var fitting in byPublicKey[Convert.ToHexString(opened.PublicKey)])
            {
                openings[fitting] = new KeyOpening(() => OpenedKey.ReadAndJoin(fitting, Open));
            }
        }

        return Collect(source, path, certificates.Select(bag => bag.Certificate), openings, problems);
    }

    private static FileReading<OwnCertificate> Collect(
        string source, string path, IEnumerable<X509Certificate2> certificates, Dictionary<X509Certificate2, KeyOpening> openings, List<SourceProblem> problems)
    {
        var own = new List<OwnCertificate>();
        var others = new List<X509Certificate2>();
        foreach (var certificate in certificates)
        {
            if (!openings.TryGetValue(certificate, out var opening))
            {
                others.Add(certificate);
                continue;
            }

            var found = new OwnCertificate(source, path, certificate, [], CertificateTraits.Read(certificate)) { KeyOpening = opening };
            own.Add(found);
            if (found.Traits.Fault is { } fault)
            {
                problems.Add(new SourceProblem(source, path, $"the certificate of {found.Traits.Subject} is unusable: {fault}", "Replace it") { Conceals = false });
            }
        }

        if (!problems.Exists(problem => problem.Conceals) && PemReader.FindKeyless(own, others) is { } alone)
        {
            problems.Add(new SourceProblem(source, path, $"the private key of {alone.Subject} is missing", "Export the file with its private keys"));
        }

        if (own.Count == 0 && problems.Count == 0)
        {
            problems.Add(new SourceProblem(source, path, "it holds no certificate with a private key", "Export the file with its private keys") { Conceals = false });
        }

        return new FileReading<OwnCertificate>(own, others, problems);
    }
}
