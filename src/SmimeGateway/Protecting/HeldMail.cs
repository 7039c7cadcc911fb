using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using SmimeGateway.Accepting;
using SmimeGateway.Cms;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Smtp;

namespace SmimeGateway.Protecting;

/// <summary>Messages that wait for a certificate: sealed with the gateway's own key, so that no plain octet of them reaches the disk.</summary>
public static class HeldMail
{
    // What openssl gives an administrator is a message/rfc822: behind the first empty line, the message as it was accepted.
    private static ReadOnlySpan<byte> FieldsBefore =>
        "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\nX-SmimeGateway-Held: "u8;

    private static ReadOnlySpan<byte> EndOfFields => "\r\n\r\n"u8;

    /// <summary>Seals a message together with what rules ask of its session.</summary>
    /// <param name="message">The message as it was accepted.</param>
    /// <param name="recipients">Those who wait.</param>
    /// <param name="outerFields">The header fields that may be seen: those that will stand outside of the encrypted message.</param>
    /// <param name="key">The gateway's key.</param>
    /// <exception cref="IOException">The key cannot be read or made.</exception>
    /// <exception cref="CryptographicException">The key cannot be used, or what it sealed does not open.</exception>
    public static ProtectedMessage Seal(
        InboundMessage message, IReadOnlyList<EnvelopeRecipient> recipients, IReadOnlyList<HeaderField> outerFields, HoldKey key)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(recipients);
        ArgumentNullException.ThrowIfNull(key);
        byte[] head = [.. FieldsBefore, .. HeldFacts.Of(message, recipients).Write(), .. EndOfFields];
        var content = TwoPieces.Join(head, message.Content);
        using var encryption = new ContentEncryption(ContentCipher.Aes256Gcm, [key.Recipient], content);
        var sealedMessage = Pkcs7Mime.Compose(outerFields, encryption.SmimeType, "smime.p7m", encryption.EncodedLength, cms =>
        {
            encryption.Write(cms.Span);
            if (encryption.Check(cms) is { } fault)
            {
                throw new CryptographicException("the seal just made does not open: " + fault.Reason);
            }
        });
        return new ProtectedMessage(message.Envelope with { Recipients = recipients }, sealedMessage, Protection.Held);
    }

    /// <summary>Opens a sealed message: what was accepted, for the recipients of the envelope given.</summary>
    /// <param name="content">The sealed message.</param>
    /// <param name="envelope">Its envelope: a sender and recipients that it was sealed for.</param>
    /// <param name="key">The gateway's key.</param>
    /// <param name="message">The message as it was accepted.</param>
    /// <param name="fault">Why it does not open.</param>
    /// <exception cref="IOException">The key cannot be read.</exception>
    public static bool TryOpen(
        ReadOnlyMemory<byte> content,
        Envelope envelope,
        HoldKey key,
        [NotNullWhen(true)] out InboundMessage? message,
        [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(key);
        message = null;
        if (!TryDecrypt(content, key, out var opened, out fault))
        {
            return false;
        }

        var end = opened.AsSpan().IndexOf(EndOfFields);
        if (end < FieldsBefore.Length || !opened.AsSpan().StartsWith(FieldsBefore)
            || !HeldFacts.TryRead(opened.AsSpan(FieldsBefore.Length..end), out var facts) || facts.Identity() is not { } session)
        {
            fault = "what is in the seal was not put there by a gateway";
            return false;
        }

        if (!facts.AreOf(envelope))
        {
            fault = "it was sealed for another sender or other recipients";
            return false;
        }

        message = new InboundMessage(session, envelope, opened.AsMemory(end + EndOfFields.Length), facts.Received);
        return true;
    }

    private static bool TryDecrypt(
        ReadOnlyMemory<byte> content, HoldKey key, [NotNullWhen(true)] out byte[]? opened, [NotNullWhen(false)] out string? fault)
    {
        opened = null;
        if (!Entity.TryParse(content, MimeLimits.Standard, out var entity, out var mimeFault) || !Pkcs7Mime.TryRead(entity, out var cms, out mimeFault))
        {
            fault = mimeFault.Reason;
            return false;
        }

        if (!EnvelopedData.TryRead(cms, out var enveloped, out var cmsFault))
        {
            fault = cmsFault.Reason;
            return false;
        }

        // Without its tag, what is in a seal may be anything.
        if (!enveloped.IsAuthenticated)
        {
            fault = "the seal is not authenticated";
            return false;
        }

        var isOpen = enveloped.TryDecrypt(key.Keys, allowWeakCiphers: false, out opened, out cmsFault);
        fault = cmsFault?.Reason;
        return isOpen;
    }

    /// <summary>Two pieces of memory, one behind the other.</summary>
    private sealed class TwoPieces : ReadOnlySequenceSegment<byte>
    {
        private TwoPieces(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public static ReadOnlySequence<byte> Join(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
        {
            var end = new TwoPieces(second, first.Length);
            var start = new TwoPieces(first, 0) { Next = end };
            return new ReadOnlySequence<byte>(start, 0, end, second.Length);
        }
    }
}
