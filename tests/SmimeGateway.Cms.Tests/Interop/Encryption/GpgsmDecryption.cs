using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>gpgsm of GnuPG, with a home of its own that has the keys of all readers.</summary>
public sealed class GpgsmDecryption : IDecryptionJudge
{
    private readonly GpgsmJudge _gpgsm;

    private GpgsmDecryption(GpgsmJudge gpgsm) => _gpgsm = gpgsm;

    /// <inheritdoc/>
    public string Name => _gpgsm.Name;

    /// <summary>
    /// Makes the home. The keys are put where the agent keeps them, because gpgsm 2.2 reads no key file with an elliptic key in it.
    /// </summary>
    public static async Task<GpgsmDecryption> OpenAsync()
    {
        var gpgsm = await GpgsmJudge.OpenAsync();
        using var folder = new ScratchFolder();
        var certificates = folder.Write("readers.pem", TestPki.MakeCertificatePem(Readers.All.Select(reader => reader.Certificate)));
        await gpgsm.RunAsync("--import", certificates, folder.Write("chain.pem", TestPki.MakeCertificatePem(TestPki.Chain)));
        var list = await gpgsm.RunAsync("--list-keys", "--with-colons", "--with-keygrip");
        string? thumbprint = null;
        foreach (var fields in list.Output.Split('\n').Select(line => line.Split(':')))
        {
            thumbprint = fields[0] == "fpr" ? fields[9] : thumbprint;
            if (fields[0] == "grp" && Readers.All.FirstOrDefault(reader => reader.Certificate.Thumbprint == thumbprint).Certificate is { } reader)
            {
                gpgsm.Write($"private-keys-v1.d/{fields[9]}.key", Encode(reader));
            }
        }

        return new GpgsmDecryption(gpgsm);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Decryption>> DecryptAsync(IReadOnlyList<DecryptionCase> cases)
    {
        using var folder = new CaseFolder(cases);
        return await folder.RunForEachAsync("gpgsm --output $n.out --decrypt $n.der", _gpgsm.Environment);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _gpgsm.DisposeAsync();

    /// <summary>The private key as a canonical S-expression of Libgcrypt.</summary>
    private static byte[] Encode(X509Certificate2 reader)
    {
        using var rsa = reader.GetRSAPrivateKey();
        using var elliptic = reader.GetECDiffieHellmanPrivateKey();
        return rsa is not null
            ? List(Atom("private-key"), EncodeRsa(rsa.ExportParameters(includePrivateParameters: true)))
            : List(Atom("private-key"), EncodeElliptic(elliptic!.ExportParameters(includePrivateParameters: true)));
    }

    // Libgcrypt wants the smaller prime first, which makes its coefficient the inverse that others keep for the other order.
    private static byte[] EncodeRsa(RSAParameters key)
    {
        var (p, q) = (Number(key.P!), Number(key.Q!));
        var (smaller, larger) = p < q ? (p, q) : (q, p);
        var inverse = System.Numerics.BigInteger.ModPow(smaller, larger - 2, larger);
        return List(
            Atom("rsa"), Pair("n", Number(key.Modulus!)), Pair("e", Number(key.Exponent!)), Pair("d", Number(key.D!)),
            Pair("p", smaller), Pair("q", larger), Pair("u", inverse));
    }

    private static byte[] EncodeElliptic(ECParameters key) => List(
        Atom("ecc"),
        List(Atom("curve"), Atom($"NIST P-{(key.D!.Length == 66 ? 521 : key.D.Length * 8)}")),
        List(Atom("q"), Atom([4, .. key.Q.X!, .. key.Q.Y!])),
        Pair("d", Number(key.D)));

    private static System.Numerics.BigInteger Number(byte[] octets) => new(octets, isUnsigned: true, isBigEndian: true);

    private static byte[] Pair(string name, System.Numerics.BigInteger value) =>
        List(Atom(name), Atom(value.ToByteArray(isUnsigned: false, isBigEndian: true)));

    private static byte[] List(params byte[][] elements) => [(byte)'(', .. elements.SelectMany(element => element), (byte)')'];

    private static byte[] Atom(string text) => Atom(Encoding.ASCII.GetBytes(text));

    private static byte[] Atom(byte[] octets) => [.. Encoding.ASCII.GetBytes($"{octets.Length}:"), .. octets];
}
