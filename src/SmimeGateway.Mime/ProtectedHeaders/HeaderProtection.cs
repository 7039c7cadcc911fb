using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using SmimeGateway.Mime.Fields;
using SmimeGateway.Mime.Structure;

namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>
/// Protected header fields (RFC 9788): the content gets copies of the fields that were outside. A content that is signed or encrypted
/// already has its payload farther inside, where nothing can be added; where its header is not known to be protected there, it becomes
/// part of a content that can carry one. So does a content whose type is not written as it should be, which one more parameter would change.
/// </summary>
public static class HeaderProtection
{
    internal const string ParameterName = "hp";

    private static readonly HeaderField Version = new(Encoding.ASCII.GetBytes(MimeVersion.Line));

    /// <summary>
    /// The message without what it says itself of protected headers: nothing of the kind is true of a content that is signed or encrypted
    /// here without them. What came signed keeps its own.
    /// </summary>
    public static SplitMessage None(SplitMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return ForeignWords.Remove(message);
    }

    /// <summary>The message with copies of its header fields in the content, which says <c>hp="clear"</c>; to be signed.</summary>
    public static SplitMessage ForSigned(SplitMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        message = ForeignWords.Remove(message);
        var entity = Assemble(message);
        if (IsProtectedInside(entity, out _))
        {
            return message;
        }

        message = AbleToCarry(message, entity);

        var content = new List<HeaderField>(message.OuterFields.Count + message.ContentFields.Count + 1) { Version };
        content.AddRange(message.OuterFields.Where(CopiedFields.Includes).Select(CopiedFields.Copy));
        content.AddRange(TypeParameter.Set(message.ContentFields, ParameterName, "clear"));
        return new SplitMessage(WithoutForeignWord(message.OuterFields), content, message.Body);
    }

    /// <summary>
    /// The message with its header fields in the content, which says <c>hp="cipher"</c>, and outside only what the baseline confidentiality
    /// policy (hcp_baseline, section 3.2.1) leaves of those that delivering and answering need: the subject reads <c>[...]</c>; comments,
    /// keywords, the signatures of servers and whatever else might repeat them are gone. To be encrypted.
    /// </summary>
    /// <remarks>
    /// Of a content that is clear-signed and has a protected header inside, only those fields are hidden outside which that header tells: a
    /// subject that nobody could read any more would be lost, not protected.
    /// </remarks>
    /// <param name="message">The message.</param>
    /// <param name="legacyDisplay">
    /// Whether the text repeats what is hidden outside, for clients that do not know protected headers (section 5.2.2). Parts that cannot be
    /// written without loss, and all that are not the main text, stay as they are.
    /// </param>
    public static SplitMessage ForEncrypted(SplitMessage message, bool legacyDisplay)
    {
        ArgumentNullException.ThrowIfNull(message);
        message = ForeignWords.Remove(message);
        var entity = Assemble(message);
        if (IsProtectedInside(entity, out var inside))
        {
            return HideWhatIsInside(message, inside);
        }

        message = AbleToCarry(message, entity);

        // The order of section 5.2.1 (Compose): the fields, then what of them is outside.
        var content = new List<HeaderField>(2 * message.OuterFields.Count + message.ContentFields.Count + 1) { Version };
        var outer = new List<HeaderField>(message.OuterFields.Count);
        var aboutOuter = new List<HeaderField>(message.OuterFields.Count);
        var hidden = new List<HeaderField>();
        foreach (var field in WithoutForeignWord(message.OuterFields))
        {
            var outside = ConfidentialityPolicy.Outside(field);
            if (!CopiedFields.Includes(field))
            {
                outer.AddRange(outside is null ? [] : [outside]);
                continue;
            }

            var copy = CopiedFields.Copy(field);
            content.Add(copy);
            if (outside != field && ConfidentialityPolicy.IsMissed(field))
            {
                hidden.Add(field);
            }

            if (outside is not null)
            {
                outer.Add(outside);
                aboutOuter.Add(OuterField.Compose(outside == field ? copy : outside));
            }
        }

        content.AddRange(aboutOuter);
        var shown = legacyDisplay && hidden.Count > 0 ? new LegacyDisplayWalk(new LegacyDisplay(hidden)).Rewrite(Assemble(message)) : null;
        content.AddRange(TypeParameter.Set(shown?.Fields ?? message.ContentFields, ParameterName, "cipher"));
        return new SplitMessage(outer, content, shown?.Body ?? new ReadOnlySequence<byte>(message.Body));
    }

    /// <summary>
    /// Reads the protected header of a cryptographic payload: the entity that is left when all layers of signing, encrypting and
    /// compressing are taken off (the part of a multipart/signed, the content of a CMS object). False where it has none. Nothing else may
    /// be asked: the parameter means nothing anywhere but there (section 4.1).
    /// </summary>
    /// <remarks>
    /// Where the address of its From is not that of the message outside, a receiver that relies on its server to check senders goes on with
    /// the one outside, unless a valid signature is bound to the one inside (section 4.4).
    /// </remarks>
    public static bool TryRead(Entity payload, [NotNullWhen(true)] out ProtectedHeader? header)
    {
        ArgumentNullException.ThrowIfNull(payload);
        header = null;
        HeaderProtectionValue value;
        switch (payload.ContentType.Parameter(ParameterName)?.Trim().ToLowerInvariant())
        {
            case "clear":
                value = HeaderProtectionValue.Clear;
                break;
            case "cipher":
                value = HeaderProtectionValue.Cipher;
                break;
            default:
                return false;
        }

        var fields = new List<HeaderField>(payload.Header.Count);
        var outer = new List<HeaderField>();
        foreach (var field in payload.Header)
        {
            if (field.Is(OuterField.Name))
            {
                outer.Add(OuterField.Read(field));
            }
            else if (field.IsField && !field.IsContentField && !field.Is(MimeVersion.Name))
            {
                fields.Add(field);
            }
        }

        header = new ProtectedHeader(value, new HeaderSection(default, [.. fields]), new HeaderSection(default, [.. outer]));
        return true;
    }

    private static Entity Assemble(SplitMessage message) => Entity.Assemble(message.ContentFields, message.Body, MimeLimits.Standard);

    private static bool IsProtectedInside(Entity entity, [NotNullWhen(true)] out ProtectedHeader? inside)
    {
        inside = null;
        return CryptographicLayers.Is(entity) && CryptographicLayers.TryReadHeader(entity, out inside);
    }

    private static SplitMessage AbleToCarry(SplitMessage message, Entity entity) =>
        CryptographicLayers.Is(entity) || !TypeParameter.CanBeSet(message.ContentFields) ? Enclosure.Enclose(message) : message;

    private static SplitMessage HideWhatIsInside(SplitMessage message, ProtectedHeader inside)
    {
        var outer = new List<HeaderField>(message.OuterFields.Count);
        foreach (var field in message.OuterFields)
        {
            // What people read stays where nobody could read it any more; of what programs write, a copy might tell it.
            var isToldOnlyHere = ConfidentialityPolicy.IsMissed(field) && inside.Fields.Find(field.Name) is null;
            if ((isToldOnlyHere ? field : ConfidentialityPolicy.Outside(field)) is { } outside)
            {
                outer.Add(outside);
            }
        }

        return message.WithOuterFields(outer);
    }

    // HP-Outer means nothing outside (section 2.2). Where a message arrives with some, it was taken out of another encryption.
    private static IReadOnlyList<HeaderField> WithoutForeignWord(IReadOnlyList<HeaderField> outer) =>
        outer.Any(field => field.Is(OuterField.Name)) ? [.. outer.Where(field => !field.Is(OuterField.Name))] : outer;
}
