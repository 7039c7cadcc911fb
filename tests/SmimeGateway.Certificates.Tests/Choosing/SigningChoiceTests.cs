using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Finding.Formats;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Certificates.Tests.Choosing;

public sealed class SigningChoiceTests
{
    private const string Alice = "alice@example.com";

    [Fact]
    public void An_expired_certificate_beside_a_valid_one_never_blocks()
    {
        var expired = Own.Of(TestPki.Expired(Alice));
        var valid = Own.Of(TestPki.Issue(Alice));

        var choice = SigningChoice.Choose(Alice, [expired, valid], TestPki.Now);

        choice.Chosen.ShouldBe(valid);
        choice.Refusals.ShouldHaveSingleItem().Certificate.ShouldBe(expired);
        choice.Refusals[0].Reason.ShouldBe("it expired on 2025-01-01");
    }

    [Fact]
    public void One_meant_for_signatures_alone_beats_one_for_all_purposes_that_lives_longer()
    {
        var dual = Own.Of(TestPki.Issue(Alice, notAfter: TestPki.NotAfter));
        var signing = Own.Of(TestPki.Issue(Alice, usage: TestUsage.SigningOnly, notAfter: TestPki.Now.AddYears(1)));

        var choice = SigningChoice.Choose(Alice, [dual, signing], TestPki.Now);

        choice.Chosen.ShouldBe(signing);
        choice.EncryptionCounterpart.ShouldBe(dual);
    }

    [Fact]
    public void One_whose_signatures_all_programs_read_beats_one_of_a_rarer_kind_whatever_they_are_meant_for()
    {
        var common = Own.Of(TestPki.Issue(Alice, notAfter: TestPki.Now.AddYears(1)));
        var rare = Own.Of(ModernIdentity.Issue(Alice, ModernKind.Ed25519).Certificate) with { KeyOpening = new KeyOpening(() => new OpenedKey(null, null)) };

        var choice = SigningChoice.Choose(Alice, [rare, common], TestPki.Now);

        choice.Chosen.ShouldBe(common);
        choice.Refusals.ShouldHaveSingleItem().Reason.ShouldEndWith("is preferred: more programs read signatures of its kind of key");
    }

    [Fact]
    public void A_certificate_for_signatures_has_its_counterpart_for_encryption_whatever_kinds_they_are_of()
    {
        var signing = Own.Of(ModernIdentity.Issue(Alice, ModernKind.Ed25519).Certificate) with { KeyOpening = new KeyOpening(() => new OpenedKey(null, null)) };
        var encryption = Own.Of(ModernIdentity.Issue(Alice, ModernKind.X25519).Certificate);

        var choice = SigningChoice.Choose(Alice, [encryption, signing], TestPki.Now);

        choice.Chosen.ShouldBe(signing);
        choice.EncryptionCounterpart.ShouldBe(encryption);
    }

    [Fact]
    public void Among_equals_the_one_valid_longest_is_chosen()
    {
        var shorter = Own.Of(TestPki.Issue(Alice, notAfter: TestPki.Now.AddYears(1)));
        var longer = Own.Of(TestPki.Issue(Alice, notAfter: TestPki.Now.AddYears(2)));

        SigningChoice.Choose(Alice, [shorter, longer], TestPki.Now).Chosen.ShouldBe(longer);
        SigningChoice.Choose(Alice, [longer, shorter], TestPki.Now).Chosen.ShouldBe(longer);
    }

    [Fact]
    public void Full_equals_are_chosen_between_the_same_way_every_time()
    {
        var one = Own.Of(TestPki.Issue(Alice));
        var other = Own.Of(TestPki.Issue(Alice));

        SigningChoice.Choose(Alice, [one, other], TestPki.Now).Chosen
            .ShouldBe(SigningChoice.Choose(Alice, [other, one], TestPki.Now).Chosen);
    }

    [Fact]
    public void Every_refusal_has_its_reason()
    {
        OwnCertificate[] candidates =
        [
            Own.Of(TestPki.Issue("bob@example.com")),
            Own.Of(TestPki.Expired(Alice)),
            Own.Of(TestPki.NotYetValid(Alice)),
            Own.Of(TestPki.EncryptionOnly(Alice)),
            Own.Of(TestPki.WrongUsage(Alice)),
            Own.Of(TestPki.Public(TestPki.Issue(Alice))),
        ];

        var choice = SigningChoice.Choose(Alice, candidates, TestPki.Now);

        choice.Chosen.ShouldBeNull();
        choice.Refusals.Select(refusal => refusal.Reason).ShouldBe(
        [
            "it does not name alice@example.com",
            "it expired on 2025-01-01",
            "it is valid only from 2045-01-01",
            "its key usage or extended key usage does not allow signatures on mail",
            "its key usage or extended key usage does not allow signatures on mail",
            "it has no private key",
        ]);
        choice.Reason.ShouldStartWith("no certificate is usable: ");
    }

    [Fact]
    public void Without_candidates_the_reason_names_the_address()
    {
        SigningChoice.Choose(Alice, [], TestPki.Now).Reason.ShouldBe("no certificate names alice@example.com");
        SigningChoice.Choose("no mailbox", [], TestPki.Now).Reason.ShouldBe("no mailbox is no plausible mailbox");
    }

    [Fact]
    public void The_case_of_an_address_does_not_matter()
    {
        var own = Own.Of(TestPki.Issue("Alice@Example.com"));

        SigningChoice.Choose("ALICE@EXAMPLE.COM", [own], TestPki.Now).Chosen.ShouldBe(own);
    }

    [Fact]
    public void A_certificate_is_never_chosen_for_another_address()
    {
        var choice = SigningChoice.Choose("mallory@example.com", [Own.Of(TestPki.Issue(Alice))], TestPki.Now);

        choice.Chosen.ShouldBeNull();
        choice.Refusals.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("\u200E{0}")]
    [InlineData(" {0} ")]
    public void A_thumbprint_names_one_certificate_however_it_was_pasted(string form)
    {
        var wanted = Own.Of(TestPki.Issue(Alice));
        var other = Own.Of(TestPki.Issue(Alice));
        var pasted = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, wanted.Traits.Thumbprint.ToLowerInvariant());

        SigningChoice.ChooseByThumbprint(pasted, [other, wanted], TestPki.Now).Chosen.ShouldBe(wanted);
    }

    [Fact]
    public void A_named_certificate_that_is_expired_is_refused()
    {
        var expired = Own.Of(TestPki.Expired(Alice));

        var choice = SigningChoice.ChooseByThumbprint(expired.Traits.Thumbprint, [expired], TestPki.Now);

        choice.Chosen.ShouldBeNull();
        choice.Reason.ShouldContain("it expired on 2025-01-01");
        SigningChoice.ChooseByThumbprint("00", [expired], TestPki.Now).Reason.ShouldBe("no certificate has the thumbprint 00");
    }

    [Fact]
    public void The_counterpart_for_encryption_prefers_one_for_encryption_alone()
    {
        var signing = Own.Of(TestPki.SigningOnly(Alice));
        var encryption = Own.Of(TestPki.Issue(Alice, usage: TestUsage.EncryptionOnly, notAfter: TestPki.Now.AddYears(1)));
        OwnCertificate[] candidates =
            [Own.Of(TestPki.Issue(Alice)), signing, encryption, Own.Of(TestPki.EncryptionOnly("bob@example.com")), Own.Of(TestPki.WrongUsage(Alice))];

        SigningChoice.Choose(Alice, candidates, TestPki.Now).EncryptionCounterpart.ShouldBe(encryption);
        SigningChoice.ChooseByThumbprint(signing.Traits.Thumbprint, candidates, TestPki.Now).EncryptionCounterpart.ShouldBe(encryption);
    }

    [Fact]
    public void A_certificate_for_all_purposes_is_no_counterpart_of_itself()
    {
        SigningChoice.Choose(Alice, [Own.Of(TestPki.Issue(Alice))], TestPki.Now).EncryptionCounterpart.ShouldBeNull();
    }
}
