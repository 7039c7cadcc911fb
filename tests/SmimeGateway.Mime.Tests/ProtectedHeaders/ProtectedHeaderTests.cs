using SmimeGateway.Mime.ProtectedHeaders;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests.ProtectedHeaders;

public sealed class ProtectedHeaderTests
{
    // RFC 9788 section 1.9, node C.
    private const string Example =
        """
        Date: Wed, 11 Jan 2023 16:08:43 -0500
        From: Bob <bob@example.net>
        To: Alice <alice@example.net>
        Subject: Handling the Jones contract
        Keywords: Contract, Urgent
        Message-ID: <20230111T210843Z.1234@lhp.example>
        Content-Type: multipart/alternative; hp="cipher"
        MIME-Version: 1.0
        HP-Outer: Date: Wed, 11 Jan 2023 16:08:43 -0500
        HP-Outer: From: Bob <bob@example.net>
        HP-Outer: To: Alice <alice@example.net>
        HP-Outer: Subject: [...]
        HP-Outer: Message-ID: <20230111T210843Z.1234@lhp.example>


        """;

    [Fact]
    public void The_example_of_the_RFC_is_read()
    {
        HeaderProtection.TryRead(Read.Message(Example), out var header).ShouldBeTrue();

        header!.Value.ShouldBe(HeaderProtectionValue.Cipher);
        header.Fields.Select(field => field.Name).ShouldBe(["Date", "From", "To", "Subject", "Keywords", "Message-ID"]);
        header.Outer.Select(field => field.ToString()).ShouldBe(
        [
            "Date: Wed, 11 Jan 2023 16:08:43 -0500", "From: Bob <bob@example.net>", "To: Alice <alice@example.net>", "Subject: [...]",
            "Message-ID: <20230111T210843Z.1234@lhp.example>",
        ]);
        header.Fields.Where(header.IsConfidential).Select(field => field.Name).ShouldBe(["Subject", "Keywords"]);
    }

    [Theory]
    [InlineData("text/plain; hp=clear", HeaderProtectionValue.Clear)]
    [InlineData("text/plain; HP=\"Cipher\"", HeaderProtectionValue.Cipher)]
    [InlineData("text/plain; charset=x;\r\n hp=\"clear\"; format=flowed", HeaderProtectionValue.Clear)]
    [InlineData("text/plain", null)]
    [InlineData("text/plain; hp=other", null)]
    [InlineData("text/plain; x=\"hp=clear\"", null)]
    public void The_parameter_says_whether_there_is_one(string contentType, HeaderProtectionValue? value)
    {
        HeaderProtection.TryRead(Read.Message($"Subject: x\r\nContent-Type: {contentType}\r\n\r\n"), out var header);

        header?.Value.ShouldBe(value!.Value);
        (header is null).ShouldBe(value is null);
    }

    [Fact]
    public void A_folded_value_is_that_of_the_field_outside()
    {
        const string message = "Subject: x\r\nContent-Type: text/plain; hp=cipher\r\nHP-Outer:\r\n To: a@example.com,\r\n b@example.com\r\n\r\n";

        HeaderProtection.TryRead(Read.Message(message), out var header).ShouldBeTrue();

        header!.Outer.Single().ToString().ShouldBe("To: a@example.com, b@example.com");
    }

    [Fact]
    public void Nothing_is_confidential_that_was_only_meant_to_be_signed()
    {
        HeaderProtection.TryRead(Read.Message("Subject: x\r\nContent-Type: text/plain; hp=clear\r\n\r\n"), out var header).ShouldBeTrue();

        header!.IsConfidential(header.Fields[0]).ShouldBeFalse();
    }
}
