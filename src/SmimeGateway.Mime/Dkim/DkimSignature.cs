using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace SmimeGateway.Mime.Dkim;

/// <summary>
/// A DKIM-Signature field as it stands in a message (RFC 6376 section 3.5). Whose key made it is not asked here: what it covers is, and whether
/// that is still there.
/// </summary>
public sealed class DkimSignature
{
    /// <summary>The name of the field.</summary>
    public const string FieldName = "DKIM-Signature";

    private readonly DkimTags _tags;
    private readonly Canonicalization _header;
    private readonly Canonicalization _body;
    private readonly HashAlgorithmName _hash;
    private readonly string[] _names;
    private readonly byte[] _bodyHash;
    private readonly long? _length;

    private DkimSignature(HeaderField field, DkimTags tags, HashAlgorithmName hash, byte[] bodyHash, byte[] value, long? length)
    {
        Field = field;
        Value = value;
        _tags = tags;
        _hash = hash;
        _bodyHash = bodyHash;
        _length = length;
        (_header, _body) = FormsOf(tags["c"] ?? string.Empty);
        _names = [.. tags["h"]!.Split(':').Select(name => name.Trim())];
    }

    /// <summary>The field.</summary>
    public HeaderField Field { get; }

    /// <summary>Who signs (the tag d), as it is written.</summary>
    public string Domain => _tags["d"]!;

    /// <summary>Which key of the domain (the tag s).</summary>
    public string Selector => _tags["s"]!;

    /// <summary>The algorithm (the tag a).</summary>
    public string Algorithm => _tags["a"]!;

    /// <summary>The names of the fields that are signed, in their order.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The hash of the body that was signed.</summary>
    public ReadOnlyMemory<byte> BodyHash => _bodyHash;

    /// <summary>The signature itself.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>Reads a field; false where it holds no signature that anybody could verify.</summary>
    public static bool TryRead(HeaderField field, [NotNullWhen(true)] out DkimSignature? signature)
    {
        ArgumentNullException.ThrowIfNull(field);
        signature = null;
        if (!DkimTags.TryRead(field, out var tags)
            || tags is not { } read || read["v"] != "1" || read["d"] is null or "" || read["s"] is null or "" || read["h"] is null or ""
            || HashOf(read["a"]) is not { } hash
            || !TryDecode(read.Unfolded("bh"), out var bodyHash) || !TryDecode(read.Unfolded("b"), out var value))
        {
            return false;
        }

        long? length = null;
        if (read["l"] is { } written)
        {
            if (!long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var octets))
            {
                return false;
            }

            length = octets;
        }

        signature = new DkimSignature(field, read, hash, bodyHash, value, length);
        return true;
    }

    /// <summary>Whether the body is the one that was signed.</summary>
    public bool Covers(ReadOnlyMemory<byte> body) => CanonicalBody.Digest(body.Span, _body, _hash, _length).AsSpan().SequenceEqual(_bodyHash);

    /// <summary>The octets of a header over which the signature is made; the field itself need not stand in it.</summary>
    public ReadOnlyMemory<byte> SignedOctets(HeaderSection header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var octets = new ArrayBufferWriter<byte>(2048);
        CanonicalFields.Write(octets, header, _names, _header);
        CanonicalFields.Write(octets, WithoutValue(), _header);
        return octets.WrittenMemory;
    }

    /// <summary>Whether a message that was changed would verify no longer, or never did: its body is another one, or a field that is signed is.</summary>
    /// <param name="before">The header as it came.</param>
    /// <param name="after">The message as it leaves.</param>
    public bool IsBrokenBy(HeaderSection before, Entity after)
    {
        ArgumentNullException.ThrowIfNull(after);
        return !SignedOctets(before).Span.SequenceEqual(SignedOctets(after.Header).Span) || !Covers(after.Body);
    }

    private byte[] WithoutValue()
    {
        var raw = Field.Raw.Span;
        var bodyStart = raw.Length - Field.RawBody.Length - (raw.EndsWith("\r\n"u8) ? 2 : raw.EndsWith("\n"u8) ? 1 : 0);
        var (start, length) = _tags.PlaceOf("b").GetOffsetAndLength(Field.RawBody.Length);
        return [.. raw[..(bodyStart + start)], .. raw[(bodyStart + start + length)..]];
    }

    private static HashAlgorithmName? HashOf(string? algorithm) => algorithm?.ToLowerInvariant() switch
    {
        "rsa-sha256" or "ed25519-sha256" => HashAlgorithmName.SHA256,
        "rsa-sha1" => HashAlgorithmName.SHA1,
        _ => null,
    };

    // Of the body nothing need be said, and then it is simple (section 3.5).
    private static (Canonicalization Header, Canonicalization Body) FormsOf(string written)
    {
        var forms = written.ToLowerInvariant().Split('/');
        return (FormOf(forms[0]), FormOf(forms.Length > 1 ? forms[1] : string.Empty));

        static Canonicalization FormOf(string form) => form.Trim() == "relaxed" ? Canonicalization.Relaxed : Canonicalization.Simple;
    }

    private static bool TryDecode(string? base64, [NotNullWhen(true)] out byte[]? octets)
    {
        octets = null;
        if (string.IsNullOrEmpty(base64))
        {
            return false;
        }

        var buffer = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, buffer, out var length))
        {
            return false;
        }

        octets = buffer[..length];
        return true;
    }
}
