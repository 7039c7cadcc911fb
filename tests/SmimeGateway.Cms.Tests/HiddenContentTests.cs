using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace SmimeGateway.Cms.Tests;

/// <summary>What makes an encrypted object one that hides all there is, so that a gateway may leave it as it is.</summary>
public sealed class HiddenContentTests
{
    private static readonly OddEnvelope Whole = new();

    public static TheoryData<string> HidingCiphers => ["2.16.840.1.101.3.4.1.2", "2.16.840.1.101.3.4.1.22", "2.16.840.1.101.3.4.1.42", "1.2.840.113549.3.7"];

    [Theory]
    [MemberData(nameof(HidingCiphers))]
    public void What_others_encrypt_by_a_sound_cipher_hides_all(string cipher) => Read(Encrypt(cipher)).HidesAll.ShouldBeTrue();

    [Theory]
    [InlineData("1.3.14.3.2.7")]
    [InlineData("1.2.840.113549.3.2")]
    public void DES_and_RC2_hide_nothing(string cipher) => Read(Encrypt(cipher)).HidesAll.ShouldBeFalse();

    [Fact]
    public void GCM_hides_all_with_or_without_short_attributes()
    {
        var authenticated = Whole with { IsAuthenticated = true };
        authenticated.Read().HidesAll.ShouldBeTrue();
        (authenticated with { Attributes = [Attribute(20)] }).Read().HidesAll.ShouldBeTrue();
        (authenticated with { Attributes = [Attribute(300)] }).Read().HidesAll.ShouldBeFalse();
    }

    [Fact]
    public void A_cipher_nobody_here_reads_and_a_content_that_is_not_inside_hide_nothing()
    {
        Whole.Read().HidesAll.ShouldBeTrue();
        (Whole with { Cipher = "1.2.3.4" }).Read().HidesAll.ShouldBeFalse();
        (Whole with { Cipher = Oids.Data }).Read().HidesAll.ShouldBeFalse();
        (Whole with { Parameters = [5, 0] }).Read().HidesAll.ShouldBeFalse();
        (Whole with { Layout = null }).Read().HidesAll.ShouldBeFalse();
        (Whole with { Layout = _ => Ber.Wrap(0x80) }).Read().HidesAll.ShouldBeFalse();
    }

    [Fact]
    public void A_password_and_nobody_are_no_recipients()
    {
        (Whole with { Recipients = [] }).Read().HidesAll.ShouldBeFalse();
        (Whole with { Recipients = [Ber.Wrap(0xA3, Ber.Octets("password"u8.ToArray()))] }).Read().HidesAll.ShouldBeFalse();
    }

    [Fact]
    public void Attributes_and_certificates_in_the_open_are_not_hidden()
    {
        var envelope = new EnvelopedCms(new ContentInfo(Some.Content));
        envelope.UnprotectedAttributes.Add(new Pkcs9DocumentDescription("SECRET"));
        envelope.Encrypt(new System.Security.Cryptography.Pkcs.CmsRecipient(Some.Certificate));
        Read(envelope.Encode()).HidesAll.ShouldBeFalse();

        var originated = new EnvelopedCms(new ContentInfo(Some.Content));
        originated.Certificates.Add(Some.Certificate);
        originated.Encrypt(new System.Security.Cryptography.Pkcs.CmsRecipient(Some.Certificate));
        Read(originated.Encode()).HidesAll.ShouldBeFalse();
    }

    private static byte[] Encrypt(string cipher)
    {
        var envelope = new EnvelopedCms(new ContentInfo(Some.Content), new AlgorithmIdentifier(new Oid(cipher)));
        envelope.Encrypt(new System.Security.Cryptography.Pkcs.CmsRecipient(Some.Certificate));
        return envelope.Encode();
    }

    private static EnvelopedData Read(byte[] cms) => SomeEnvelope.Read(cms);

    private static byte[] Attribute(int length) =>
        Ber.Wrap(0x30, Ber.Oid("1.2.3.4"), Ber.Wrap(0x31, Ber.Octets(new byte[length])));
}
