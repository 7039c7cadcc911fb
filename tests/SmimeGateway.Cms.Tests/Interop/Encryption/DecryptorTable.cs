namespace SmimeGateway.Cms.Tests.Interop.Encryption;

/// <summary>The published table of who decrypts what, in Markdown.</summary>
internal static class DecryptorTable
{
    /// <summary>A line per way of encrypting the key, a column per judge, the ciphers that are read in the cells.</summary>
    public static IEnumerable<string> Render(IReadOnlyList<string> judges)
    {
        yield return $"| key | {string.Join(" | ", judges)} |";
        yield return "|---" + string.Concat(judges.Select(_ => "|---")) + "|";
        foreach (var kind in EncryptionCombination.All.GroupBy(combination => combination.KeyName))
        {
            yield return $"| {kind.Key} | {string.Join(" | ", judges.Select(judge => Describe(judge, [.. kind])))} |";
        }
    }

    private static string Describe(string judge, IReadOnlyList<EncryptionCombination> kind)
    {
        var byIssuer = Ciphers(judge, kind, RecipientNaming.IssuerAndSerial);
        var byKey = Ciphers(judge, kind, RecipientNaming.KeyIdentifier);
        return byKey == byIssuer ? byIssuer : $"{byIssuer}; by key identifier {byKey}";
    }

    private static string Ciphers(string judge, IReadOnlyList<EncryptionCombination> kind, RecipientNaming naming)
    {
        var asked = kind.Where(combination => combination.Naming == naming).ToLookup(combination => combination.IsAuthenticated);
        return (All(asked[false]), All(asked[true])) switch
        {
            (true, true) => "all",
            (true, false) => "CBC",
            (false, true) => "GCM",
            _ => "none",
        };

        bool All(IEnumerable<EncryptionCombination> combinations) =>
            combinations.All(combination => ExpectedDecryptors.Reads(judge, combination));
    }
}
