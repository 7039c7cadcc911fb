using System.Text;
using SmimeGateway.Mime;
using SmimeGateway.Protecting.Tnef;
using SmimeGateway.TestSupport.Tnef;

namespace SmimeGateway.Tests.Protecting.Tnef;

public sealed class MeetingTests
{
    private static readonly DateTime Start = new(2026, 12, 1, 9, 0, 0, DateTimeKind.Utc);
    private static readonly byte[] Name = Convert.FromHexString("040000008200E00074C5B7101A82E008");

    [Fact]
    public void A_meeting_request_becomes_a_calendar_beside_its_text()
    {
        var leaves = Leaves(Meeting("IPM.Schedule.Meeting.Request"));

        leaves.Select(leaf => leaf.ContentType.MediaType).ShouldBe(["text/plain", "text/calendar"]);
        leaves[1].ContentType.Parameter("method").ShouldBe("REQUEST");
        var calendar = Encoding.UTF8.GetString(leaves[1].DecodeBody());
        calendar.ShouldBe(
            "BEGIN:VCALENDAR\r\nPRODID:-//SmimeGateway//TNEF//EN\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:040000008200E00074C5B7101A82E008\r\n"
            + "SEQUENCE:3\r\nDTSTAMP:20261201T090000Z\r\nDTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\nSUMMARY:Plans\\, and more\r\nLOCATION:Room 1\\; upstairs\r\n"
            + "DESCRIPTION:Bring your\\nplans\r\nORGANIZER;CN=\"Anna\":mailto:anna@example.com\r\n"
            + "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bert@\r\n partner.example\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
    }

    [Theory]
    [InlineData("IPM.Microsoft Schedule.MtgReq", "REQUEST", "ORGANIZER;CN=\"Anna\":mailto:anna@example.com")]
    [InlineData("IPM.Schedule.Meeting.Canceled", "CANCEL", "STATUS:CANCELLED")]
    [InlineData("IPM.Schedule.Meeting.Resp.Pos", "REPLY", "ATTENDEE;PARTSTAT=ACCEPTED;CN=\"Anna\":mailto:anna@example.com")]
    [InlineData("IPM.Schedule.Meeting.Resp.Neg", "REPLY", "ATTENDEE;PARTSTAT=DECLINED;CN=\"Anna\":mailto:anna@example.com")]
    [InlineData("IPM.Schedule.Meeting.Resp.Tent", "REPLY", "ORGANIZER:mailto:bert@partner.example")]
    public void The_kind_of_message_is_the_method_of_the_calendar(string messageClass, string method, string line)
    {
        var calendar = Leaves(Meeting(messageClass)).Single(leaf => leaf.ContentType.MediaType == "text/calendar");

        calendar.ContentType.Parameter("method").ShouldBe(method);
        Encoding.UTF8.GetString(calendar.DecodeBody()).ShouldContain("METHOD:" + method + "\r\n");
        Encoding.UTF8.GetString(calendar.DecodeBody()).ShouldContain(line + "\r\n");
    }

    [Fact]
    public void A_name_from_another_calendar_is_that_name_again()
    {
        byte[] name = [.. Name, .. new byte[24], .. "vCal-Uid"u8, 1, 0, 0, 0, .. "abc@calendar.example\0"u8];

        var calendar = Leaves(Meeting("IPM.Schedule.Meeting.Request", name: name))[1];

        Encoding.UTF8.GetString(calendar.DecodeBody()).ShouldContain("UID:abc@calendar.example\r\n");
    }

    [Fact]
    public void What_is_written_into_a_meeting_is_no_other_line_of_the_calendar()
    {
        const string Injected = "x\r\nATTENDEE:mailto:spy@example.org\r\nORGANIZER:mailto:ceo@example.com";
        byte[] name = [.. Name, .. "vCal-Uid"u8, 1, 0, 0, 0, .. Encoding.UTF8.GetBytes(Injected), 0];

        var calendar = Leaves(Meeting("IPM.Schedule.Meeting.Request", Injected, name))[1];

        var lines = Encoding.UTF8.GetString(calendar.DecodeBody()).Replace("\r\n ", string.Empty, StringComparison.Ordinal).Split("\r\n");
        lines.Count(line => line.StartsWith("ATTENDEE", StringComparison.Ordinal)).ShouldBe(1);
        lines.Count(line => line.StartsWith("ORGANIZER", StringComparison.Ordinal)).ShouldBe(1);
        lines.Where(line => line.StartsWith("UID:", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldBe("UID:" + System.Convert.ToHexString(name));
    }

    [Theory]
    [InlineData("recurs")]
    [InlineData("no name")]
    [InlineData("no times")]
    [InlineData("ends before it begins")]
    [InlineData("of somebody else")]
    public void A_meeting_that_a_calendar_cannot_tell_whole_stays_as_it_is_beside_its_text(string why)
    {
        var set = TnefIds.Appointment;
        var message = new List<byte[]> { TnefWriter.Text(0x001A, "IPM.Schedule.Meeting.Request"), TnefWriter.Text(0x1000, "Bring your plans") };
        if (why != "no times")
        {
            message.Add(TnefWriter.Named(set, 0x820D, TnefWriter.Moment(0, Start)));
            message.Add(TnefWriter.Named(set, 0x820E, TnefWriter.Moment(0, why == "ends before it begins" ? Start.AddHours(-1) : Start.AddHours(1))));
        }

        if (why != "no name")
        {
            message.Add(TnefWriter.Named(TnefIds.Meeting, 0x23, TnefWriter.Binary(0, Name)));
        }

        message.Add(why == "recurs" ? TnefWriter.Named(set, 0x8223, TnefWriter.Whole(0, 1)) : TnefWriter.Text(0x5D02, why == "of somebody else" ? "ceo@example.com" : "anna@example.com"));

        var mail = TnefMail.Of(new TnefWriter().Message([.. message]).ToArray());
        var conversion = TnefMail.Convert(mail);

        var leaves = TnefMail.Leaves(conversion.Message.ShouldNotBeNull());
        leaves.Select(leaf => leaf.ContentType.MediaType).ShouldBe(["text/plain", "application/ms-tnef"]);
        leaves[1].Raw.ToArray().ShouldBe(TnefMail.Leaves(TnefMail.Read(mail))[1].Raw.ToArray());
        conversion.Story.ShouldHaveSingleItem().ShouldContain("stay beside it");
    }

    // An address of Exchange is nobody's in mail: the name beside it has to be that of the author, or the meeting is not told.
    [Theory]
    [InlineData(null, "/O=ORG/CN=CEO", null, false)]
    [InlineData("The Boss", "/O=ORG/CN=CEO", null, false)]
    [InlineData("The Boss", null, null, false)]
    [InlineData("The Boss", "/O=ORG/CN=CEO", "anna@example.com", false)]
    [InlineData(null, null, "/O=ORG/CN=CEO", false)]
    [InlineData("Anna", "/O=ORG/CN=ANNA", null, true)]
    [InlineData("Anna", "/O=ORG/CN=ANNA", "office@example.com", true)]
    [InlineData("anybody", "anna@example.com", null, true)]
    [InlineData(null, null, null, true)]
    public void Nobody_else_invites_in_the_name_of_the_author(string? name, string? address, string? sender, bool isTold)
    {
        foreach (var kind in new[] { "Request", "Canceled", "Resp.Pos" })
        {
            byte[][] people =
            [
                .. name is null ? Array.Empty<byte[]>() : [TnefWriter.Text(0x0042, name)],
                .. address is null ? Array.Empty<byte[]>() : [TnefWriter.Text(0x0065, address)],
                .. sender is null ? Array.Empty<byte[]>() : [TnefWriter.Text(sender.StartsWith('/') ? 0x0C1F : 0x5D01, sender)],
            ];

            var leaves = Leaves(Meeting("IPM.Schedule.Meeting." + kind, more: people));

            leaves.Select(leaf => leaf.ContentType.MediaType).ShouldBe(["text/plain", isTold ? "text/calendar" : "application/ms-tnef"]);
        }
    }

    [Fact]
    public void A_text_that_is_html_alone_is_told_in_the_calendar_as_well()
    {
        var html = TnefWriter.Text(0x1013, "<p>Bring your</p><p>plans &amp; cake</p>");

        var leaves = Leaves(Meeting("IPM.Schedule.Meeting.Request", text: "", more: html));

        leaves.Select(leaf => leaf.ContentType.MediaType).ShouldBe(["text/html", "text/calendar"]);
        Encoding.UTF8.GetString(leaves[1].DecodeBody()).ShouldContain("Bring your\\nplans & cake");
    }

    [Theory]
    [InlineData("IPM.Schedule.Meeting.Resp.Pos", false)]
    [InlineData("IPM.Schedule.Meeting.Request", true)]
    public void An_answer_to_several_people_does_not_say_which_of_them_invited(string messageClass, bool isTold)
    {
        var mail = Encoding.ASCII.GetString(TnefMail.Of(Meeting(messageClass))).Replace("To: bert@partner.example", "To: carl@partner.example, bert@partner.example", StringComparison.Ordinal);

        var conversion = TnefMail.Convert(Encoding.ASCII.GetBytes(mail));

        var leaves = TnefMail.Leaves(conversion.Message.ShouldNotBeNull());
        leaves.Select(leaf => leaf.ContentType.MediaType).ShouldBe(["text/plain", isTold ? "text/calendar" : "application/ms-tnef"]);
    }

    [Theory]
    [InlineData(7_999, true)]
    [InlineData(99_000, true)]
    [InlineData(100_001, false)]
    public void The_text_of_a_meeting_is_all_of_it_or_the_object_stays(int length, bool isTold)
    {
        var text = "\U0001F600a\tb\rc\r\n" + new string('x', length - 10) + " end";

        var leaf = Leaves(Meeting("IPM.Schedule.Meeting.Request", text: text))[1];

        leaf.ContentType.MediaType.ShouldBe(isTold ? "text/calendar" : "application/ms-tnef");
        if (isTold)
        {
            Encoding.UTF8.GetString(leaf.DecodeBody()).Replace("\r\n ", string.Empty, StringComparison.Ordinal)
                .ShouldContain("DESCRIPTION:\U0001F600a\tb\\nc\\n" + new string('x', length - 10) + " end\r\n");
        }
    }

    private static byte[] Meeting(string messageClass, string location = "Room 1; upstairs", byte[]? name = null, string text = "Bring your\r\nplans", params byte[][] more) => new TnefWriter().Message(
        [
            TnefWriter.Text(0x001A, messageClass),
            TnefWriter.Text(0x0037, "Plans, and more"),
            TnefWriter.Text(0x1000, text),
            TnefWriter.Named(TnefIds.Appointment, 0x820D, TnefWriter.Moment(0, Start)),
            TnefWriter.Named(TnefIds.Appointment, 0x820E, TnefWriter.Moment(0, Start.AddHours(1))),
            TnefWriter.Named(TnefIds.Appointment, 0x8201, TnefWriter.Whole(0, 3)),
            TnefWriter.Named(TnefIds.Appointment, 0x8208, TnefWriter.Text(0, location)),
            TnefWriter.Named(TnefIds.Meeting, 0x23, TnefWriter.Binary(0, name ?? Name)),
            .. more,
        ]).ToArray();

    private static List<Entity> Leaves(byte[] tnef)
    {
        var conversion = TnefMail.Convert(TnefMail.Of(tnef));
        return TnefMail.Leaves(conversion.Message.ShouldNotBeNull(string.Join("; ", conversion.Story)));
    }
}
