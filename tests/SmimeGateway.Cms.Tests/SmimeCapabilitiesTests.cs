using System.Formats.Asn1;

namespace SmimeGateway.Cms.Tests;

public sealed class SmimeCapabilitiesTests
{
    [Fact]
    public void What_is_encoded_is_read_back_in_order()
    {
        var parameters = new byte[] { 0x02, 0x02, 0x00, 0x80 };
        var capabilities = new SmimeCapabilities([new(Oids.Aes128Gcm), new(Oids.Rc2Cbc, parameters), new(Oids.Aes256Cbc)]);

        SmimeCapabilities.TryRead(capabilities.Encode(), out var read, out _).ShouldBeTrue();

        read!.All.ShouldBe(capabilities.All);
        read.Include(Oids.Rc2Cbc).ShouldBeTrue();
        read.Include(Oids.DesCbc).ShouldBeFalse();
    }

    [Fact]
    public void AES_is_announced_as_RFC_8551_prints_it()
    {
        // RFC 8551 section 2.5.2 takes the encodings from RFC 3565 section 4.1 and RFC 5084 section 4.
        var encoded = new SmimeCapabilities([new(Oids.Aes128Cbc), new(Oids.Aes256Gcm)]).Encode();

        Convert.ToHexString(encoded).ShouldBe("301A" + "300B0609608648016503040102" + "300B060960864801650304012E");
    }

    [Fact]
    public void An_unknown_algorithm_is_kept_under_its_number()
    {
        var capabilities = new SmimeCapabilities([new("1.2.3.4")]);

        SmimeCapabilities.TryRead(capabilities.Encode(), out var read, out _).ShouldBeTrue();

        read!.All.ShouldHaveSingleItem().Name.ShouldBe("1.2.3.4");
    }

    [Theory]
    [InlineData("")]
    [InlineData("05")]
    [InlineData("3080")]
    [InlineData("30033001FF")]
    public void Malformed_capabilities_are_a_fault(string hex)
    {
        SmimeCapabilities.TryRead(Convert.FromHexString(hex), out _, out var fault).ShouldBeFalse();

        fault!.Kind.ShouldBe(CmsFaultKind.Malformed);
    }

    [Fact]
    public void Endless_capabilities_are_a_fault()
    {
        var endless = new SmimeCapabilities(Enumerable.Repeat(new SmimeCapability("1.2.3"), 1000)).Encode();

        SmimeCapabilities.TryRead(endless, out _, out var fault).ShouldBeFalse();

        fault!.Kind.ShouldBe(CmsFaultKind.LimitExceeded);
    }

    [Fact]
    public void Capabilities_with_equal_parameters_are_equal()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteInteger(40);

        new SmimeCapability(Oids.Rc2Cbc, writer.Encode()).ShouldBe(new SmimeCapability(Oids.Rc2Cbc, writer.Encode()));
        new SmimeCapability(Oids.Rc2Cbc, writer.Encode()).GetHashCode().ShouldBe(new SmimeCapability(Oids.Rc2Cbc).GetHashCode());
        new SmimeCapability(Oids.Rc2Cbc, writer.Encode()).ShouldNotBe(new SmimeCapability(Oids.Rc2Cbc));
    }

    [Theory]
    [InlineData("", false, "")]
    [InlineData("1.2.3.4", false, "")]
    [InlineData("1.2.840.113549.1.1.7", false, "")]
    [InlineData("1.2.840.113549.3.7", true, "")]
    [InlineData("1.2.840.113549.3.7 2.16.840.1.101.3.4.1.2", true, "Aes128Cbc")]
    [InlineData("2.16.840.1.101.3.4.1.46 1.2.3.4 2.16.840.1.101.3.4.1.42", true, "Aes256Gcm Aes256Cbc")]
    [InlineData("2.16.840.1.101.3.4.1.42 2.16.840.1.101.3.4.1.46", true, "Aes256Cbc Aes256Gcm")]
    [InlineData("2.16.840.1.101.3.4.1.22 2.16.840.1.101.3.4.1.26 2.16.840.1.101.3.4.1.6 2.16.840.1.101.3.4.1.22", true, "Aes192Cbc Aes192Gcm Aes128Gcm")]
    public void The_ciphers_of_a_list_come_in_its_order_each_once_with_parameters_or_without(string oids, bool nameCiphers, string ciphers)
    {
        foreach (var parameters in new byte[][] { [], [0x05, 0x00], [0x30, 0x03, 0x02, 0x01, 0x10] })
        {
            var encoded = new SmimeCapabilities(oids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(oid => new SmimeCapability(oid, parameters))).Encode();

            SmimeCapabilities.TryRead(encoded, out var read, out _).ShouldBeTrue();

            string.Join(' ', read!.Ciphers).ShouldBe(ciphers);
            read.NameCiphers.ShouldBe(nameCiphers);
        }
    }

    [Fact]
    public void Every_cipher_that_can_be_announced_is_read_back() =>
        SmimeCapabilities.Of(Enum.GetValues<ContentCipher>()).Ciphers.ShouldBe(Enum.GetValues<ContentCipher>());
}
