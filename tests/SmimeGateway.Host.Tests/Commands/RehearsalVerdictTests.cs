using SmimeGateway.Host.Commands.Layers;
using SmimeGateway.Host.Commands.Rehearsing;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Opening;
using SmimeGateway.Protecting;

namespace SmimeGateway.Host.Tests.Commands;

public sealed class RehearsalVerdictTests
{
    private static readonly ShownRecipient Partner = new(["bob@example.net"], "serial number 01 of CN=CA", "RSA", IsOwn: false);
    private static readonly ShownLayer ForOthers = new(ExistingProtection.Enveloped, "AES-256-CBC", [Partner], OpenedWith: null, [], [], "encrypted to none of the keys");
    private static readonly ShownLayer Signed = Layer(signatureFault: null);

    [Theory]
    [InlineData(Protection.Encrypted)]
    [InlineData(Protection.SignedAndEncrypted)]
    public void Mail_that_should_be_encrypted_and_is_not_is_never_good(Protection protection)
    {
        RehearsalVerdict.Of(protection, Message()).IsGood.ShouldBeFalse();
        RehearsalVerdict.Of(protection, Message(Signed)).IsGood.ShouldBeFalse();
        RehearsalVerdict.Of(protection, Message(Signed, ForOthers)).IsGood.ShouldBeFalse();
    }

    [Fact]
    public void Mail_for_others_is_good_as_far_as_anybody_but_they_can_tell()
    {
        var verdict = RehearsalVerdict.Of(Protection.SignedAndEncrypted, Message(ForOthers));

        verdict.IsGood.ShouldBeTrue();
        verdict.Sentence.ShouldBe("encrypted with AES-256-CBC to 1 certificate(s), read back with its own key when it was made");
    }

    [Fact]
    public void Mail_for_an_own_key_that_does_not_open_it_is_not_good() => RehearsalVerdict.Of(
        Protection.Encrypted, Message(ForOthers with { Recipients = [Partner, Partner with { IsOwn = true }] })).IsGood.ShouldBeFalse();

    [Fact]
    public void Every_layer_counts()
    {
        var opened = ForOthers with { Fault = null, OpenedWith = "office" };

        RehearsalVerdict.Of(Protection.TripleWrapped, Message(Signed, opened, Signed)).IsGood.ShouldBeTrue();
        RehearsalVerdict.Of(Protection.TripleWrapped, Message(Signed, opened, Layer("the content was changed"))).IsGood.ShouldBeFalse();
        RehearsalVerdict.Of(Protection.TripleWrapped, Message(Layer("the content was changed"), opened, Signed)).IsGood.ShouldBeFalse();
    }

    [Theory]
    [InlineData(Protection.PassedUnchanged, true)]
    [InlineData(Protection.PassedUnsigned, false)]
    [InlineData(Protection.PassedUnencrypted, false)]
    [InlineData(Protection.Held, false)]
    [InlineData(Protection.OwnReport, false)]
    public void What_does_not_reach_its_recipients_as_the_rule_would_have_it_is_not_good(Protection protection, bool isGood) =>
        RehearsalVerdict.Of(protection, Message()).IsGood.ShouldBe(isGood);

    private static LayeredMessage Message(params ShownLayer[] layers) => new(layers, ProtectedHeader: null, Content: null, Fault: null);

    private static ShownLayer Layer(string? signatureFault) => new(
        ExistingProtection.ClearSigned,
        Algorithm: null,
        [],
        OpenedWith: null,
        [new SignerVerdict("CN=Alice", "CN=CA", "02", ["alice@example.com"], "RSA", "SHA-256", null, signatureFault, [], AuthorFault: null)],
        Beside: [],
        Fault: null);
}
