using System.Globalization;
using System.Text;
using SmimeGateway.Mime;

namespace SmimeGateway.Protecting.Tnef;

/// <summary>
/// A meeting as iTIP has it (RFC 5545, RFC 5546). Who invites and who is invited is what the header of the message says, which the rules
/// have judged and everybody sees; never what the object says.
/// </summary>
/// <param name="method">REQUEST, CANCEL or REPLY.</param>
/// <param name="text">The calendar.</param>
internal sealed class MeetingCalendar(string method, string text)
{
    private const int MaxLine = 74;

    // Whose text is longer keeps the object, as programs show the text of the calendar, and not the one beside it.
    private const int MaxText = 100_000;

    // How a calendar from elsewhere put its own name into the name that Outlook gives (MS-OXCICAL section 2.1.3.1.1.20.26).
    private static ReadOnlySpan<byte> ForeignName => "vCal-Uid\x01\0\0\0"u8;

    public string Method { get; } = method;

    public string Text { get; } = text;

    /// <summary>The calendar of a message; null, with the reason, where the object does not say all that one needs, or more than one can.</summary>
    /// <param name="message">What the object says.</param>
    /// <param name="header">The header of the message that carries it.</param>
    /// <param name="text">Its text, without looks.</param>
    /// <param name="reason">Why there is no calendar.</param>
    public static MeetingCalendar? Of(TnefMessage message, HeaderSection header, string? text, out string reason)
    {
        reason = string.Empty;
        if (MessageClasses.MeetingOf(message.MessageClass) is not { } kind)
        {
            reason = "an entry that is no mail";
            return null;
        }

        var properties = message.Properties;
        var start = properties.Moment(TnefIds.AppointmentStartWhole, TnefIds.Appointment) ?? properties.Moment(TnefIds.StartDate);
        var end = properties.Moment(TnefIds.AppointmentEndWhole, TnefIds.Appointment) ?? properties.Moment(TnefIds.EndDate);
        var name = properties.Octets(TnefIds.CleanGlobalObjectId, TnefIds.Meeting) ?? properties.Octets(TnefIds.GlobalObjectId, TnefIds.Meeting);
        var from = Mailboxes(header, "From");
        var others = Mailboxes(header, "To");
        var copied = Mailboxes(header, "Cc");
        reason = properties.Number(TnefIds.Recurring, TnefIds.Appointment) is not (null or 0) || properties.Number(TnefIds.IsRecurring, TnefIds.Meeting) is not (null or 0)
                ? "a meeting that recurs"
            : start is null || end is null || end < start ? "a meeting without its times"
            : name is not { Length: > 0 and <= 1000 } ? "a meeting without its name"
            : from is not [_] || others.Count == 0 || (kind.Method == "REPLY" && others.Count > 1) ? "a meeting whose header does not say who invites whom"
            : text?.Length > MaxText ? "a meeting with a text as long as this"
            : IsSomebodyElse(message.Author, from[0]) ? "a meeting of somebody else"
            : string.Empty;
        if (reason.Length > 0)
        {
            return null;
        }

        var isReply = kind.Method == "REPLY";
        var lines = new CalendarLines();
        lines.Add("BEGIN", "VCALENDAR");
        lines.Add("PRODID", "-//SmimeGateway//TNEF//EN");
        lines.Add("VERSION", "2.0");
        lines.Add("METHOD", kind.Method);
        lines.Add("BEGIN", "VEVENT");
        lines.Add("UID", NameOf(name!));
        lines.Add("SEQUENCE", Math.Max(properties.Number(TnefIds.AppointmentSequence, TnefIds.Appointment) ?? 0, 0).ToString(CultureInfo.InvariantCulture));
        lines.Add("DTSTAMP", Moment(properties.Moment(TnefIds.ClientSubmitTime) ?? start!.Value));
        lines.Add("DTSTART", Moment(start!.Value));
        lines.Add("DTEND", Moment(end!.Value));
        lines.AddText("SUMMARY", message.Subject ?? header.Find("Subject")?.Text);
        lines.AddText("LOCATION", properties.Text(TnefIds.Location, TnefIds.Appointment));
        lines.AddText("DESCRIPTION", text);
        lines.AddPerson("ORGANIZER", isReply ? others[0] : from[0]);
        if (isReply)
        {
            lines.AddPerson($"ATTENDEE;PARTSTAT={kind.Answer}", from[0]);
        }
        else
        {
            others.ForEach(person => lines.AddPerson("ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE", person));
            copied.ForEach(person => lines.AddPerson("ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE", person));
        }

        lines.Add("STATUS", kind.Method == "CANCEL" ? "CANCELLED" : "CONFIRMED");
        if (properties.Number(TnefIds.AppointmentSubType, TnefIds.Appointment) is not (null or 0))
        {
            lines.Add("X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE");
        }

        lines.Add("END", "VEVENT");
        lines.Add("END", "VCALENDAR");
        return new MeetingCalendar(kind.Method, lines.ToString());
    }

    // An address of Exchange ("/O=ORG/CN=CEO") is nobody's in mail; its name has to be that of the one who writes.
    private static bool IsSomebodyElse((string? Name, string? Address) author, Mailbox from) =>
        author.Address?.Contains('@', StringComparison.Ordinal) == true ? !author.Address.Equals(from.Address, StringComparison.OrdinalIgnoreCase)
        : (author.Name ?? author.Address) is not null && !string.Equals(author.Name?.Trim(), from.DisplayName, StringComparison.OrdinalIgnoreCase);

    private static List<Mailbox> Mailboxes(HeaderSection header, string name) =>
        header.FindAll(name).ToList() is [var only] && AddressList.TryParse(only.Body, out var mailboxes) ? [.. mailboxes] : [];

    private static string NameOf(byte[] name)
    {
        var place = name.AsSpan().IndexOf(ForeignName);
        var foreign = place < 0 ? string.Empty : Encoding.UTF8.GetString(name.AsSpan(place + ForeignName.Length)).TrimEnd('\0');
        return foreign.Length > 0 && !foreign.Any(character => char.IsControl(character) || character == '\uFFFD') ? foreign : Convert.ToHexString(name);
    }

    private static string Moment(DateTime moment) => moment.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    // Content lines (RFC 5545 section 3.1), folded by octets and never within a character.
    private sealed class CalendarLines
    {
        private readonly StringBuilder _written = new();

        public void Add(string name, string value)
        {
            var column = 0;
            foreach (var rune in $"{name}:{value}".EnumerateRunes())
            {
                if (column + rune.Utf8SequenceLength > MaxLine)
                {
                    _written.Append("\r\n ");
                    column = 1;
                }

                _written.Append(rune.ToString());
                column += rune.Utf8SequenceLength;
            }

            _written.Append("\r\n");
        }

        public void AddText(string name, string? text)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                return;
            }

            var value = new StringBuilder();
            foreach (var character in text.ReplaceLineEndings("\n"))
            {
                _ = character switch
                {
                    '\\' or ';' or ',' => value.Append('\\').Append(character),
                    '\n' => value.Append("\\n"),
                    _ when char.IsControl(character) && character != '\t' => value,
                    _ => value.Append(character),
                };
            }

            Add(name, value.ToString());
        }

        public void AddPerson(string name, Mailbox person)
        {
            var shown = person.DisplayName is { Length: > 0 } given ? new string([.. given.Where(character => !char.IsControl(character) && character != '"')]) : string.Empty;
            Add(shown.Length == 0 ? name : $"{name};CN=\"{shown}\"", $"mailto:{person.Address}");
        }

        public override string ToString() => _written.ToString();
    }
}
