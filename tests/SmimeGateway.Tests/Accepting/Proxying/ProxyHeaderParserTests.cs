using System.Text;
using SmimeGateway.Accepting.Proxying;

namespace SmimeGateway.Tests.Accepting.Proxying;

public sealed class ProxyHeaderParserTests
{
    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 56324 25\r\n", "192.0.2.1:56324")]
    [InlineData("PROXY TCP6 2001:db8::1 2001:db8::2 56324 25\r\n", "[2001:db8::1]:56324")]
    [InlineData("PROXY TCP6 2001:0db8:0000:0000:0000:0000:0000:0001 ::1 0 65535\r\n", "[2001:db8::1]:0")]
    [InlineData("PROXY UNKNOWN\r\n", null)]
    [InlineData("PROXY UNKNOWN whatever the balancer likes\r\n", null)]
    public void A_header_of_version_1_names_the_client(string text, string? client)
    {
        var input = Encoding.ASCII.GetBytes(text + "EHLO c\r\n");

        ProxyHeaderParser.TryRead(input, out var header).ShouldBeTrue();

        header.Client?.ToString().ShouldBe(client);
        header.Length.ShouldBe(text.Length);
        for (var length = 0; length < text.Length; length++)
        {
            ProxyHeaderParser.TryRead(input.AsSpan(0, length), out _).ShouldBeFalse($"{length} octets are no header yet");
        }
    }

    [Theory]
    [InlineData("EHLO client.example.com\r\n")]
    [InlineData("proxy TCP4 192.0.2.1 198.51.100.2 1 2\r\n")]
    [InlineData("PROXY\r\n")]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY TCP4\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 1 2\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 1\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 1 2 3\r\n")]
    [InlineData("PROXY TCP4  192.0.2.1 198.51.100.2 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 1 65536\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 01 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 -1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.2 +1 2\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n")]
    [InlineData("PROXY TCP6 192.0.2.1 198.51.100.2 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2 198.51.100.2 1 2\r\n")]
    [InlineData("PROXY TCP4 0300.0.2.1 198.51.100.2 1 2\r\n")]
    [InlineData("PROXY TCP4 3221225985 198.51.100.2 1 2\r\n")]
    [InlineData("PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 [::1] ::1 1 2\r\n")]
    [InlineData("PROXY UDP4 192.0.2.1 198.51.100.2 1 2\r\n")]
    public void A_line_that_is_not_as_the_specification_writes_it_is_no_header(string text) =>
        Should.Throw<FormatException>(() => ProxyHeaderParser.TryRead(Encoding.Latin1.GetBytes(text), out _));

    [Fact]
    public void A_line_without_an_end_is_given_up_after_107_octets()
    {
        var line = Encoding.ASCII.GetBytes("PROXY UNKNOWN " + new string('x', 1000));

        ProxyHeaderParser.TryRead(line.AsSpan(0, 106), out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => ProxyHeaderParser.TryRead(line.AsSpan(0, 107), out _));
    }

    [Fact]
    public void A_header_of_version_2_names_the_client_whatever_follows_the_addresses()
    {
        byte[] addresses = [192, 0, 2, 1, 198, 51, 100, 2, 0xDC, 0x04, 0, 25];
        byte[] input = [.. Binary(0x21, 0x11, [.. addresses, 0x04, 0, 3, 1, 2, 3]), .. "EHLO"u8];

        ProxyHeaderParser.TryRead(input, out var header).ShouldBeTrue();

        header.Client!.ToString().ShouldBe("192.0.2.1:56324");
        header.Length.ShouldBe(input.Length - 4);
        for (var length = 0; length < header.Length; length++)
        {
            ProxyHeaderParser.TryRead(input.AsSpan(0, length), out _).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_header_of_version_2_names_an_IPv6_client()
    {
        byte[] addresses = [0x20, 0x01, 0x0D, 0xB8, .. new byte[11], 1, .. new byte[16], 0xDC, 0x04, 0, 25];

        ProxyHeaderParser.TryRead(Binary(0x21, 0x21, addresses), out var header).ShouldBeTrue();

        header.Client!.ToString().ShouldBe("[2001:db8::1]:56324");
    }

    [Theory]
    [InlineData(0x20, 0x00, 0)]
    [InlineData(0x20, 0x11, 12)]
    [InlineData(0x21, 0x00, 0)]
    [InlineData(0x21, 0x00, 5)]
    public void A_balancer_that_speaks_for_itself_or_does_not_know_names_nobody(byte command, byte family, int length)
    {
        ProxyHeaderParser.TryRead(Binary(command, family, new byte[length]), out var header).ShouldBeTrue();

        header.Client.ShouldBeNull();
        header.Length.ShouldBe(16 + length);
    }

    [Theory]
    [InlineData(0x11, 0x11, 12)]
    [InlineData(0x22, 0x11, 12)]
    [InlineData(0x31, 0x11, 12)]
    [InlineData(0x21, 0x12, 12)]
    [InlineData(0x21, 0x31, 216)]
    [InlineData(0x21, 0x11, 11)]
    [InlineData(0x21, 0x21, 35)]
    [InlineData(0x21, 0x11, 2049)]
    [InlineData(0x21, 0x11, 65535)]
    public void Any_other_header_of_version_2_is_none(byte command, byte family, int length) =>
        Should.Throw<FormatException>(() => ProxyHeaderParser.TryRead(Binary(command, family, new byte[length]), out _));

    private static byte[] Binary(byte command, byte family, byte[] rest) =>
        [.. Signature, command, family, (byte)(rest.Length >> 8), (byte)rest.Length, .. rest];
}
