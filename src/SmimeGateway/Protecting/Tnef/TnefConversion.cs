using System.Globalization;
using SmimeGateway.Mime;
using SmimeGateway.Mime.Composing;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Protecting.Tnef.Bodies;

namespace SmimeGateway.Protecting.Tnef;

/// <summary>
/// Turns the TNEF objects of a message (<c>winmail.dat</c>) into MIME. A message comes out of it whole or as it was: whatever is wrong
/// with one of its objects, or with what would become of it, keeps all of it as it is.
/// </summary>
/// <param name="Message">The message with MIME in place of its objects; null where it stays as it is.</param>
/// <param name="Story">What became of each object, or why the message stays as it is; empty where it holds none.</param>
internal sealed record TnefConversion(Entity? Message, IReadOnlyList<string> Story)
{
    private const int MaxObjects = 20;

    // Texts are packed by up to nine to one, and what they become counts as well; but of those that are long nobody means ill.
    private const int MostPacked = 20;
    private const long TextAllowance = 4 * 1024 * 1024;

    // A text is a string while it is read, and what it says is another one; then octets, then encoded.
    private const int FormsOfText = 8;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The octets that converting takes at most besides the message: the object, what is read of it, and what it becomes.</summary>
    public static long MemoryFor(long octets) => (4 * octets) + (FormsOfText * TextsOf(octets));

    /// <summary>Whether a message may hold an object, told without decoding anything.</summary>
    public static bool MayHave(Entity message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return IsNamedSo(message) || (message.IsMultipart && message.TryGetParts(out var parts, out _) && parts.Any(MayHave));
    }

    /// <summary>Converts a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isSameAuthor">Tells whether what was judged of the author holds for the message as it would be.</param>
    /// <param name="limits">The limits that the message was read by.</param>
    /// <param name="time">The clock: it may not take long.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static TnefConversion Of(Entity message, Predicate<Entity> isSameAuthor, MimeLimits limits, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var late = new CancellationTokenSource(Longest, time);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var story = new List<string>();
        try
        {
            var reading = new TnefReading(TextsOf(message.Raw.Length), bounded.Token);
            if (new PartSwap(leaf => Convert(leaf, message.Header, reading, story)).Apply(message) is not { } octets)
            {
                return new TnefConversion(null, story);
            }

            return FindFlaw(octets, message, isSameAuthor, limits, out var converted) is { } flaw
                ? new TnefConversion(null, [$"as it would be, {flaw}"])
                : new TnefConversion(converted, story);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return new TnefConversion(null, [$"it takes longer than {Longest.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds"]);
        }
        catch (TnefFormException unsound)
        {
            return new TnefConversion(null, [unsound.Message]);
        }
#pragma warning disable CA1031 // A reader of foreign octets that is not ours, and throws what it likes: whatever it is, the message stays as it is.
        catch (Exception unreadable)
#pragma warning restore CA1031
        {
            return new TnefConversion(null, [$"it cannot be read ({unreadable.GetType().Name})"]);
        }
    }

    private static NewParts? Convert(SwappedLeaf swapped, HeaderSection header, TnefReading reading, List<string> story)
    {
        var leaf = swapped.Leaf;
        if (!IsNamedSo(leaf))
        {
            return null;
        }

        if (!leaf.TryDecodeBody(out var octets))
        {
            throw new TnefFormException("its transfer encoding is damaged");
        }

        if (!TnefLengths.IsTnef(octets.Span) && !IsTypedSo(leaf))
        {
            // A file of that name, and something else.
            return null;
        }

        if (story.Count == MaxObjects)
        {
            throw new TnefFormException($"there are more than {MaxObjects} of them");
        }

        var message = reading.Read(octets);
        if (MessageClasses.IsSealed(message.MessageClass))
        {
            throw new TnefFormException("it is signed or encrypted inside");
        }

        var before = swapped.Before is { } leafBefore && LeafText.Read(leafBefore) is { } shown ? (Part: leafBefore, Text: shown) : default;
        var isBlank = before.Part is not null && string.IsNullOrWhiteSpace(before.Text);
        var body = BodyGroup.Of(message.Forms, isBlank ? null : before.Text, message.FileNames);
        var calendar = MeetingCalendar.Of(message, header, body.FirstOrDefault(group => group.IsOfObject)?.Said, out var reason);
        var remains = message.Remains ?? (calendar is null && !MessageClasses.IsNote(message.MessageClass) ? reason : null);

        if (remains is not null && calendar is null && message.Forms.Count == 0 && message.Attachments.Count == 0)
        {
            throw new TnefFormException($"there is no other form for {remains}");
        }

        var made = TnefParts.Of(message, body, calendar, before.Part, isBlank);
        story.Add(Tell(octets.Length, message, calendar, remains));
        return remains is null ? made : made with { Parts = [.. made.Parts, NewPart.Kept(leaf)] };
    }

    private static long TextsOf(long octets) => Math.Min(MostPacked * octets, octets + TextAllowance);

    private static bool IsTypedSo(Entity leaf) => leaf.ContentType.MediaType is "application/ms-tnef" or "application/vnd.ms-tnef";

    private static bool IsNamedSo(Entity leaf) =>
        IsTypedSo(leaf)
        || (leaf.ContentType.MediaType == "application/octet-stream" && string.Equals(leaf.FileName, "winmail.dat", StringComparison.OrdinalIgnoreCase));

    // Nothing that is said of the message before may be otherwise afterwards: who wrote it, and that it is neither signed nor encrypted.
    private static string? FindFlaw(byte[] octets, Entity message, Predicate<Entity> isSameAuthor, MimeLimits limits, out Entity? converted) =>
        !Entity.TryParse(octets, limits, out converted, out var fault) ? fault.Reason
        : !isSameAuthor(converted) ? "somebody else could be read as its author"
        : ProtectionRecognizer.Recognize(converted) != ProtectionRecognizer.Recognize(message) ? "it would pass for signed or encrypted"
        : null;

    private static string Tell(int octets, TnefMessage message, MeetingCalendar? calendar, string? remains)
    {
        List<string> forms =
        [
            .. message.Forms.Exists(form => form.Kind != BodyKind.Html) ? ["text"] : Array.Empty<string>(),
            .. message.Forms.Exists(form => form.Kind == BodyKind.Rich) ? ["RTF"] : Array.Empty<string>(),
            .. message.Forms.Exists(form => form.Kind == BodyKind.Html) ? ["HTML"] : Array.Empty<string>(),
            .. calendar is null ? Array.Empty<string>() : ["a calendar"],
        ];
        var files = message.Attachments.Count(attachment => attachment.Octets is not null && attachment.Message is null);
        var messages = message.Attachments.Count(attachment => attachment.Message is not null);
        return $"{octets} octets of TNEF become {(forms.Count == 0 ? "no text" : string.Join(" and ", forms))}, {files} file(s) and {messages} message(s)"
            + (remains is null ? string.Empty : $", and stay beside it, as there is no other form for {remains}");
    }
}
