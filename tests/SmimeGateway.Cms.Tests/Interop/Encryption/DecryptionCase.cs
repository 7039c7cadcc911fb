using System.Security.Cryptography.X509Certificates;

namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>One object for one of its readers.</summary>
public sealed record DecryptionCase(EncryptionCombination Combination, int Recipients, X509Certificate2 Reader, byte[] Cms)
{
    /// <summary>Every combination: to one recipient, to two and read by the first, to two and read by the second.</summary>
    public static IReadOnlyList<DecryptionCase> MakeAll(ReadOnlyMemory<byte> content)
    {
        var cases = new List<DecryptionCase>();
        foreach (var combination in EncryptionCombination.All)
        {
            var (alice, bob) = (Readers.Alice(combination.Key), Readers.Bob(combination.Key));
            var forBoth = combination.Encrypt(content, alice, bob);
            cases.Add(new DecryptionCase(combination, 1, alice, combination.Encrypt(content, alice)));
            cases.Add(new DecryptionCase(combination, 2, alice, forBoth));
            cases.Add(new DecryptionCase(combination, 2, bob, forBoth));
        }

        return cases;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Combination.KeyName}, {Combination.Cipher}, {Combination.Naming}, {Recipients} for {Reader.Subject}";
}
