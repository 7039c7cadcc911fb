using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using SmimeGateway.Mime.Dkim;

namespace SmimeGateway.Mime.Tests.Dkim;

/// <summary>RFC 6376 sections 3.4.3 to 3.4.5.</summary>
public sealed partial class CanonicalBodyTests
{
    private static readonly string[] Pieces = [" ", "\t", "\r\n", "a", "b c", "  ", " \r\n", "\r\n\r\n", "word", "\r", "\n", "\t \t", "=20", new('x', 1100), " y", "\u00E4"];

    [Theory]
    [InlineData(" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n", " C \r\nD \t E\r\n")]
    [InlineData("", "", "\r\n")]
    [InlineData("\r\n", "", "\r\n")]
    [InlineData("\r\n\r\n", "", "\r\n")]
    [InlineData(" \t\r\n  \r\n", "", " \t\r\n  \r\n")]
    [InlineData("a", "a\r\n", "a\r\n")]
    [InlineData("a \t", "a\r\n", "a \t\r\n")]
    [InlineData("a\r\n \r\nb\r\n", "a\r\n\r\nb\r\n", "a\r\n \r\nb\r\n")]
    [InlineData("\ta", " a\r\n", "\ta\r\n")]
    public void What_counts_is_what_the_RFC_says(string body, string relaxed, string simple)
    {
        Digest(body, Canonicalization.Relaxed).ShouldBe(Hash(relaxed));
        Digest(body, Canonicalization.Simple).ShouldBe(Hash(simple));
    }

    [Fact]
    public void The_hashes_of_an_empty_body_are_those_that_everybody_knows()
    {
        Convert.ToBase64String(CanonicalBody.Digest([], Canonicalization.Relaxed, HashAlgorithmName.SHA256)).ShouldBe("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        Convert.ToBase64String(CanonicalBody.Digest([], Canonicalization.Simple, HashAlgorithmName.SHA256)).ShouldBe("frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=");
        Convert.ToBase64String(CanonicalBody.Digest([], Canonicalization.Simple, HashAlgorithmName.SHA1)).ShouldBe("uoq1oCgLlTqpdDX/iUbLy7J1Wic=");
    }

    [Fact]
    public void Any_body_counts_as_the_plainest_reading_of_the_RFC_has_it_up_to_any_length()
    {
        var random = new Random(6376);
        for (var i = 0; i < 20_000; i++)
        {
            var body = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            var relaxed = Relax(body);
            var length = random.Next(relaxed.Length + 3);

            Digest(body, Canonicalization.Relaxed).ShouldBe(Hash(relaxed), body);
            Digest(body, Canonicalization.Simple).ShouldBe(Hash(TrailingLines().Replace(body, string.Empty) + "\r\n"), body);
            Digest(body, Canonicalization.Relaxed, length).ShouldBe(Hash(relaxed[..Math.Min(length, relaxed.Length)]), $"{length} of {body}");
        }
    }

    private static string Relax(string body)
    {
        var lines = body.Split("\r\n").Select(line => Blanks().Replace(line, " ").TrimEnd(' ')).ToList();
        var end = lines.FindLastIndex(line => line.Length > 0);
        return string.Concat(lines.Take(end + 1).Select(line => line + "\r\n"));
    }

    private static byte[] Digest(string body, Canonicalization form, long? length = null) =>
        CanonicalBody.Digest(Encoding.Latin1.GetBytes(body), form, HashAlgorithmName.SHA256, length);

    private static byte[] Hash(string canonical) => SHA256.HashData(Encoding.Latin1.GetBytes(canonical));

    [GeneratedRegex("[ \t]+")]
    private static partial Regex Blanks();

    [GeneratedRegex("(\r\n)*\\z")]
    private static partial Regex TrailingLines();
}
