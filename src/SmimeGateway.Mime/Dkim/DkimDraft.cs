using System.Buffers;
using System.Globalization;
using System.Text;

namespace SmimeGateway.Mime.Dkim;

/// <summary>
/// A DKIM-Signature field that wants its signature (RFC 6376 section 5): relaxed in header and body, over the whole body. It holds names of
/// fields and never their content (no tag z).
/// </summary>
public sealed class DkimDraft
{
    private const int LineLength = 76;

    private readonly string _unsigned;

    private DkimDraft(string unsigned, IReadOnlyList<string> names, byte[] octets)
    {
        _unsigned = unsigned;
        Names = names;
        Octets = octets;
    }

    /// <summary>The names of the fields that it covers, in their order; one more often than the header has it lets nobody add another.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What is to be signed.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    /// <summary>Drafts a field.</summary>
    /// <param name="header">The header as it leaves.</param>
    /// <param name="terms">What is signed, and in whose name.</param>
    /// <param name="bodyHash">The SHA-256 of the relaxed body.</param>
    /// <param name="at">The time of signing.</param>
    public static DkimDraft Of(HeaderSection header, DkimTerms terms, ReadOnlySpan<byte> bodyHash, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(terms);
        var names = NamesIn(header, terms);
        var unsigned = new StringBuilder(512)
            .Append(CultureInfo.InvariantCulture, $"{DkimSignature.FieldName}: v=1; a={terms.Algorithm}; c=relaxed/relaxed; d={terms.Domain};\r\n")
            .Append(CultureInfo.InvariantCulture, $" s={terms.Selector}; t={at.ToUnixTimeSeconds()};\r\n h=");
        AppendNames(unsigned, names);
        unsigned.Append(CultureInfo.InvariantCulture, $";\r\n bh={Convert.ToBase64String(bodyHash)};\r\n b=");
        var text = unsigned.ToString();
        var octets = new ArrayBufferWriter<byte>(4096);
        CanonicalFields.Write(octets, header, names, Canonicalization.Relaxed);
        CanonicalFields.Write(octets, Encoding.ASCII.GetBytes(text), Canonicalization.Relaxed);
        return new DkimDraft(text, names, octets.WrittenSpan.ToArray());
    }

    /// <summary>The whole field with its line ends.</summary>
    public byte[] Sign(ReadOnlySpan<byte> signature)
    {
        var text = new StringBuilder(_unsigned, _unsigned.Length + (2 * signature.Length) + 16);
        var value = Convert.ToBase64String(signature);
        for (var i = 0; i < value.Length; i += LineLength - 4)
        {
            text.Append(i == 0 ? string.Empty : "\r\n ").Append(value.AsSpan(i, Math.Min(LineLength - 4, value.Length - i)));
        }

        return Encoding.ASCII.GetBytes(text.Append("\r\n").ToString());
    }

    private static List<string> NamesIn(HeaderSection header, DkimTerms terms)
    {
        var counts = header.CountBy(field => field.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(StringComparer.OrdinalIgnoreCase);
        var names = new List<string>(terms.Fields.Count + terms.Closed.Count);
        foreach (var name in terms.Fields.Union(terms.Closed, StringComparer.OrdinalIgnoreCase))
        {
            names.AddRange(Enumerable.Repeat(name, counts.GetValueOrDefault(name) + (terms.Closed.Contains(name, StringComparer.OrdinalIgnoreCase) ? 1 : 0)));
        }

        return names;
    }

    private static void AppendNames(StringBuilder text, List<string> names)
    {
        var column = 3;
        for (var i = 0; i < names.Count; i++)
        {
            if (column + names[i].Length + 1 > LineLength)
            {
                text.Append("\r\n ");
                column = 1;
            }

            text.Append(names[i]).Append(i + 1 < names.Count ? ":" : string.Empty);
            column += names[i].Length + 1;
        }
    }
}

/// <summary>What a DKIM signature covers, and in whose name it is made.</summary>
/// <param name="Algorithm">The algorithm: <c>rsa-sha256</c> or <c>ed25519-sha256</c>.</param>
/// <param name="Domain">The domain, in A-labels.</param>
/// <param name="Selector">The selector.</param>
/// <param name="Fields">The names of the fields that are signed where they are there, all of a name.</param>
/// <param name="Closed">The names of those of which nobody may add another.</param>
public sealed record DkimTerms(string Algorithm, string Domain, string Selector, IReadOnlyList<string> Fields, IReadOnlyList<string> Closed);
