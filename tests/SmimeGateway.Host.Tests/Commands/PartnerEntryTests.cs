using SmimeGateway.Certificates;
using SmimeGateway.Cms;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Host.Commands.Partners;
using SmimeGateway.Locating;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Commands;

public sealed class PartnerEntryTests
{
    private static readonly PartnerCertificate Bob = PartnerCertificate.Of("seen", "bob.pem", TestPki.Public(TestPki.Issue("bob@example.net")));

    [Fact]
    public void What_its_owner_announced_is_told_by_the_names_of_the_configuration()
    {
        var entry = Of(Bob with { Capabilities = SmimeCapabilities.Of([ContentCipher.Aes256Gcm]).Encode() });

        entry.Announced.ShouldNotBeNull().ShouldContain("aes256-gcm");
        entry.IsTaken.ShouldBeTrue();
    }

    [Fact]
    public void Who_announced_nothing_is_not_known_to_read_anything() => Of(Bob).Announced.ShouldBeNull();

    [Fact]
    public void A_refusal_stands_whatever_the_key_can_do()
    {
        var entry = PartnerEntry.Of(Bob, "it expired", new KeyFitness([], new EncryptionOptions()), TestPki.Now);

        entry.IsTaken.ShouldBeFalse();
        entry.Reason.ShouldBe("it expired");
    }

    private static PartnerEntry Of(PartnerCertificate partner) => PartnerEntry.Of(partner, refusal: null, new KeyFitness([], new EncryptionOptions()), TestPki.Now);
}
