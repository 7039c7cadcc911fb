using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests;

/// <summary>What may stand beside a protected object without saying more than that it is one: everything else would leave in plain text unseen.</summary>
public sealed class BareLabelsTests
{
    private static readonly string Longest = new('x', 70);

    public static TheoryData<string> Bare =>
    [
        "Content-Type: application/pkcs7-mime", "content-TYPE: application/pkcs7-mime; SMIME-type=enveloped-data; name=smime.p7m", $"Content-Type: {Longest}/{Longest}",
        .. new[] { "smime-type", "name", "protocol", "boundary", "micalg", "charset", "format", "delsp", "x-action" }.Select(name => $"Content-Type: a/b; {name}={Longest}"),
        "Content-Disposition: attachment", $"Content-Disposition: attachment; filename=\"{Longest}\"; size=5", "Content-Transfer-Encoding: base64",
        "Content-Description: PGP/MIME version identification", "Content-Description: s/mime message", "Content-Description: an ENCRYPTed one",
        $"Content-Description: PGP{Longest[3..]}", "Content-Language: de-DE", "Content-Language: 12345678", "Content-Class: urn:content-classes:message", "MIME-Version: 1.0",
    ];

    public static TheoryData<string> Telling =>
    [
        $"Content-Type: {Longest}x/b", $"Content-Type: a/{Longest}x", $"Content-Type: a/b; name={Longest}x", "Content-Type: a/b; comment=x", "Content-Type: a/b; filename=x",
        "Content-Type: a/b; name=x; NAME=y", "Content-Type: a/b; name*0=x", "Content-Type: a/b; name*0=x; name*1=y", "Content-Type: a/b (meet at noon)",
        "Content-Type: a/b meet at noon", "Content-Type: a/b; name=x meet at noon", "Content-Type: a/b/c",
        "Content-Disposition: attachment/noon", "Content-Disposition: attachment; name=x", "Content-Disposition: attachment; filename=x; filename=y",
        $"Content-Disposition: {Longest}x", "Content-Transfer-Encoding: base64; name=x", "Content-Transfer-Encoding: base64 noon",
        "Content-Description: meet at noon", $"Content-Description: PGP{Longest[2..]}", "Content-Language: 123456789", "Content-Language: de_DE", "Content-Language: de, en",
        "Content-Class: urn:content-classes:calendarmessage", "MIME-Version: 1.1", "MIME-Version: 1.0 (noon)", "Content-Note: x", "X-Note: x", "Subject: PGP",
    ];

    [Theory]
    [MemberData(nameof(Bare))]
    public void Fields_that_name_the_object_are_bare_and_each_of_them_once(string field)
    {
        IsBareOfPart(field).ShouldBeTrue();
        IsBareOfPart("MIME-Version: 1.0", field).ShouldBe(!field.StartsWith("MIME", StringComparison.Ordinal));
        IsBareOfPart(field, field.ToUpperInvariant()).ShouldBeFalse("one of the two may be read by nobody");
        IsBareOfMessage("Subject: hello", "Received: x", "Received: y", field).ShouldBeTrue();
        IsBareOfMessage(field, "Subject: hello", field).ShouldBe(!IsContent(field));
    }

    [Theory]
    [MemberData(nameof(Telling))]
    public void Fields_that_say_more_are_not_beside_whatever_others(string field)
    {
        IsBareOfPart(field).ShouldBeFalse();
        IsBareOfPart("X-Mailer: x", field).ShouldBeFalse();
        IsBareOfPart("Content-Transfer-Encoding: base64", field).ShouldBeFalse();

        // What is no field of content travels in the open with every message.
        IsBareOfMessage("Subject: hello", field).ShouldBe(!IsContent(field));
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void A_field_is_no_longer_than_programs_write_it(int length, bool isBare)
    {
        var start = $"Content-Type: a/b; name={Longest}; boundary={Longest}; charset=";
        var field = start + new string('y', length - start.Length - "\r\n".Length);

        Read.Message(field + "\r\n\r\n").Header[0].Raw.Length.ShouldBe(length);
        IsBareOfPart(field).ShouldBe(isBare);
    }

    [Fact]
    public void A_line_that_is_no_field_is_text()
    {
        // Only the line that mailboxes write before a message is read as one of its header.
        string[] fields = ["From meet@noon.example Sun Nov 29 12:00:00 2026", "MIME-Version: 1.0"];

        HeaderOf(fields).Count.ShouldBe(2);
        IsBareOfMessage(fields).ShouldBeFalse();
        IsBareOfPart(fields).ShouldBeFalse();
    }

    private static bool IsContent(string field) => field.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);

    private static bool IsBareOfPart(params string[] fields) => BareLabels.AreBareOfPart(HeaderOf(fields));

    private static bool IsBareOfMessage(params string[] fields) => BareLabels.AreBareOfMessage(HeaderOf(fields));

    private static HeaderSection HeaderOf(string[] fields) => Read.Message(string.Concat(fields.Select(field => field + "\r\n")) + "\r\n").Header;
}
