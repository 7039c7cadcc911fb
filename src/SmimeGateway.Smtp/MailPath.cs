using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace SmimeGateway.Smtp;

/// <summary>
/// A reverse path or forward path of RFC 5321 section 4.1.2: the null path, a mailbox, or the bare <c>postmaster</c>.
/// Source routes are accepted by the parser and dropped, as section 3.3 asks. No part of a path ever holds a control character.
/// Two paths are equal when their local parts are the same and their domains differ in case at most.
/// </summary>
public sealed class MailPath : IEquatable<MailPath>
{
    // RFC 5321 section 4.5.3.1.3 lets a path end at 256 octets and section 4.5.3.1.1 a local part at 64, but bounce tags and rewritten
    // senders exceed both in practice. Only the domain's limit is one that DNS enforces.
    internal const int MaxTextLength = 1000;

    private string? _address;

    internal MailPath(string localPart, string domain)
    {
        LocalPart = localPart;
        Domain = domain;
        RequiresSmtpUtf8 = !Ascii.IsValid(localPart) || !Ascii.IsValid(domain);
    }

    /// <summary>The null reverse path, written <c>&lt;&gt;</c>.</summary>
    public static MailPath Null { get; } = new(string.Empty, string.Empty);

    /// <summary>The local part without quoting: <c>"john doe"@example.com</c> has the local part <c>john doe</c>.</summary>
    public string LocalPart { get; }

    /// <summary>The domain or address literal as received, without angle brackets; empty for the null path and for bare postmaster.</summary>
    public string Domain { get; }

    /// <summary>True for the null reverse path.</summary>
    public bool IsNull => LocalPart.Length == 0 && Domain.Length == 0;

    /// <summary>True when the path can only travel with SMTPUTF8 (RFC 6531): it holds characters outside ASCII.</summary>
    public bool RequiresSmtpUtf8 { get; }

    /// <summary>The mailbox as it is written between angle brackets, with the local part quoted only where it must be; empty for the null path.</summary>
    public string Address => _address ??= Write();

    /// <summary>
    /// Reads what stands between the angle brackets of MAIL or RCPT: a mailbox, possibly behind a source route, or the bare
    /// postmaster. The null path is not accepted here, since few places may have it.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out MailPath? path) => MailPathParser.TryParse(text, out path);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out MailPath?)"/>
    public static bool TryParse(string? text, [NotNullWhen(true)] out MailPath? path) => MailPathParser.TryParse(text, out path);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out MailPath?)"/>
    public static bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out MailPath? path)
    {
        if (utf8.Length > MaxTextLength || !Utf8.IsValid(utf8))
        {
            path = null;
            return false;
        }

        Span<char> text = stackalloc char[MaxTextLength];
        return MailPathParser.TryParse(text[..Encoding.UTF8.GetChars(utf8, text)], out path);
    }

    /// <summary>The path in angle brackets.</summary>
    public override string ToString() => $"<{Address}>";

    /// <inheritdoc/>
    public bool Equals(MailPath? other) =>
        other is not null
        && string.Equals(LocalPart, other.LocalPart, StringComparison.Ordinal)
        && string.Equals(Domain, other.Domain, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MailPath);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(LocalPart.GetHashCode(StringComparison.Ordinal), Domain.GetHashCode(StringComparison.OrdinalIgnoreCase));

    private string Write()
    {
        if (IsNull)
        {
            return string.Empty;
        }

        var localPart = MailPathParser.IsDotString(LocalPart) ? LocalPart : Quote(LocalPart);
        return Domain.Length == 0 ? localPart : $"{localPart}@{Domain}";
    }

    private static string Quote(string localPart)
    {
        var quoted = new StringBuilder(localPart.Length + 4).Append('"');
        foreach (var character in localPart)
        {
            quoted.Append(character is '"' or '\\' ? "\\" : string.Empty).Append(character);
        }

        return quoted.Append('"').ToString();
    }
}
