using SmimeGateway.Smtp.Client;

namespace SmimeGateway.Smtp.Tests.Client;

public sealed class ServerExtensionsTests
{
    [Fact]
    public void Known_keywords_are_recognised_whatever_their_case()
    {
        var extensions = ServerExtensions.Read(
            ["mx.example.net", "pipelining", "8bitMIME", "SMTPUTF8", "EnhancedStatusCodes", "SIZE 35882577", "STARTTLS", "chunking", "DSN",
            "AUTH DIGEST-MD5 gssapi plain Scram-SHA-256", "AUTH=LOGIN", "X-NEW a b"]);

        extensions.ShouldBe(new ServerExtensions
        {
            Pipelining = true,
            EightBitMime = true,
            SmtpUtf8 = true,
            EnhancedStatusCodes = true,
            Size = true,
            MaxMessageBytes = 35882577,
            StartTls = true,
            Chunking = true,
            Dsn = true,
            Mechanisms = SaslMechanisms.Plain | SaslMechanisms.ScramSha256 | SaslMechanisms.Login | SaslMechanisms.Gssapi,
        });
    }

    [Fact]
    public void The_first_line_is_a_name_and_no_keyword() =>
        ServerExtensions.Read(["PIPELINING"]).ShouldBe(ServerExtensions.None);

    [Theory]
    [InlineData("SIZE")]
    [InlineData("SIZE 0")]
    [InlineData("SIZE many")]
    [InlineData("SIZE -5")]
    [InlineData("SIZE 99999999999999999999")]
    public void A_size_without_a_usable_number_is_no_limit(string line)
    {
        var extensions = ServerExtensions.Read(
            ["mx", line]);

        extensions.Size.ShouldBeTrue();
        extensions.MaxMessageBytes.ShouldBeNull();
    }
}
