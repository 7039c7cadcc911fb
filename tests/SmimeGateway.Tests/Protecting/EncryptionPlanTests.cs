using System.Text;
using SmimeGateway.Cms;
using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.Mime;
using SmimeGateway.Protecting;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;
using SmimeGateway.TestSupport.Modern;

namespace SmimeGateway.Tests.Protecting;

public sealed class EncryptionPlanTests
{
    private const string Header = "From: me@example.com\r\nTo: Anna <anna@a.example>, group: bert@b.example;\r\nCc: CARL@c.example\r\n\r\nx\r\n";

    private static readonly ContentCipher[] Cbc = [ContentCipher.Aes256Cbc, ContentCipher.Aes128Cbc];
    private static readonly ContentCipher[] Gcm = [ContentCipher.Aes256Gcm, ContentCipher.Aes256Cbc];

    [Fact]
    public void Recipients_in_the_header_share_a_message_and_each_blind_one_has_its_own()
    {
        var groups = Plan(new EncryptOptions { To = ["x"] }, Unknown("anna@a.example"), Unknown("dora@d.example"), Unknown("carl@c.example"), Unknown("emil@e.example"));

        Names(groups).ShouldBe(["anna@a.example carl@c.example", "dora@d.example", "emil@e.example"]);
        groups.Select(group => group.IsBlind).ShouldBe([false, true, true]);
    }

    [Fact]
    public void Blind_recipients_may_share_one_message_of_their_own()
    {
        var groups = Plan(
            new EncryptOptions { To = ["x"], BlindCopies = BlindCopyTreatment.SeparateTogether },
            Unknown("dora@d.example"), Unknown("bert@b.example"), Unknown("emil@e.example"));

        Names(groups).ShouldBe(["bert@b.example", "dora@d.example emil@e.example"]);
    }

    [Fact]
    public void All_share_one_message_only_where_the_rule_says_so()
    {
        var groups = Plan(
            new EncryptOptions { To = ["x"], BlindCopies = BlindCopyTreatment.Together }, Unknown("dora@d.example"), Unknown("bert@b.example"));

        Names(groups).ShouldBe(["dora@d.example bert@b.example"]);
    }

    [Theory]
    [InlineData("To: undisclosed-recipients:;\r\n")]
    [InlineData("Subject: no recipients at all\r\n")]
    [InlineData("To: this is <not an address\r\n")]
    public void Whoever_the_header_does_not_name_is_blind(string header)
    {
        var groups = EncryptionPlan.Form(
            Terms(new EncryptOptions { To = ["x"] }), [Unknown("anna@a.example"), Unknown("bert@b.example")], author: null, Visible(header + "\r\nx"));

        groups.Count.ShouldBe(2);
        groups.ShouldAllBe(group => group.IsBlind);
    }

    [Fact]
    public void What_everybody_prefers_of_what_may_be_used_is_used()
    {
        ContentCipher[] cbcFirst = [ContentCipher.Aes192Gcm, ContentCipher.Aes128Cbc, ContentCipher.Aes256Gcm];

        Plan(new EncryptOptions { To = ["x"] }, Known("anna@a.example", Gcm), Known("carl@c.example", [.. Gcm, .. Cbc])).ShouldHaveSingleItem().Cipher
            .ShouldBe(ContentCipher.Aes256Gcm);
        Plan(new EncryptOptions { To = ["x"] }, Known("anna@a.example", cbcFirst)).ShouldHaveSingleItem().Cipher.ShouldBe(ContentCipher.Aes128Cbc);
        Plan(new EncryptOptions { To = ["x"] }, Known("anna@a.example", cbcFirst), Known("carl@c.example", cbcFirst)).ShouldHaveSingleItem().Cipher
            .ShouldBe(ContentCipher.Aes128Cbc);
    }

    [Fact]
    public void Where_recipients_prefer_different_ciphers_the_list_decides_among_those_that_all_read()
    {
        var groups = Plan(
            new EncryptOptions { To = ["x"] }, Known("anna@a.example", [.. Gcm, .. Cbc]), Known("carl@c.example", [ContentCipher.Aes128Cbc, ContentCipher.Aes256Cbc]));

        groups.ShouldHaveSingleItem().Cipher.ShouldBe(ContentCipher.Aes256Cbc);
    }

    [Theory]
    [InlineData]
    [InlineData(ContentCipher.Aes192Gcm)]
    [InlineData(ContentCipher.Aes192Cbc, ContentCipher.Aes128Gcm)]
    public void Who_announced_nothing_that_may_be_used_gets_what_is_used_for_the_unknown(params ContentCipher[] announced)
    {
        Plan(new EncryptOptions { To = ["x"] }, Known("anna@a.example", announced)).ShouldHaveSingleItem().Cipher.ShouldBe(ContentCipher.Aes256Cbc);
        Plan(new EncryptOptions { To = ["x"], Ciphers = [ContentCipher.Aes256Gcm] }, Known("anna@a.example", announced)).ShouldHaveSingleItem().Cipher
            .ShouldBe(ContentCipher.Aes256Gcm);
    }

    [Fact]
    public void One_recipient_who_announced_less_takes_the_others_down_to_what_all_read()
    {
        var groups = Plan(new EncryptOptions { To = ["x"] }, Known("anna@a.example", Gcm), Known("carl@c.example", Cbc));

        groups.ShouldHaveSingleItem().Cipher.ShouldBe(ContentCipher.Aes256Cbc);
    }

    [Fact]
    public void Unknown_recipients_get_the_cipher_for_them_and_the_others_too_if_they_read_it()
    {
        var groups = Plan(new EncryptOptions { To = ["x"] }, Unknown("anna@a.example"), Known("carl@c.example", Gcm));

        groups.ShouldHaveSingleItem().Cipher.ShouldBe(ContentCipher.Aes256Cbc);
    }

    [Fact]
    public void Recipients_without_a_common_cipher_get_messages_of_their_own()
    {
        var groups = Plan(
            new EncryptOptions { To = ["x"] }, Unknown("anna@a.example"), Known("carl@c.example", [ContentCipher.Aes128Cbc]), Unknown("bert@b.example"));

        Names(groups).ShouldBe(["anna@a.example bert@b.example", "carl@c.example"]);
        groups.Select(group => group.Cipher).ShouldBe([ContentCipher.Aes256Cbc, ContentCipher.Aes128Cbc]);
    }

    [Fact]
    public void A_rules_own_list_is_what_unknown_recipients_read()
    {
        var options = new EncryptOptions { To = ["x"], Ciphers = [ContentCipher.Aes128Gcm, ContentCipher.Aes256Cbc] };

        Plan(options, Unknown("anna@a.example")).ShouldHaveSingleItem().Cipher.ShouldBe(ContentCipher.Aes128Gcm);
        Plan(options, Unknown("anna@a.example"), Known("carl@c.example", Cbc)).ShouldHaveSingleItem().Cipher.ShouldBe(ContentCipher.Aes256Cbc);
    }

    [Fact]
    public void Whatever_is_announced_and_allowed_everybody_gets_one_message_in_a_cipher_of_the_list_that_he_reads()
    {
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var options = new EncryptOptions { To = ["x"], BlindCopies = BlindCopyTreatment.Together, Ciphers = random.Next(2) == 0 ? [] : SomeOrder(random, atLeast: 1) };
            var terms = Terms(options);
            LocatedRecipient[] recipients =
                [.. Enumerable.Range(0, random.Next(1, 5)).Select(i => random.Next(3) == 0 ? Unknown($"r{i}@x.example") : Known($"r{i}@x.example", SomeOrder(random, atLeast: 0)))];

            var groups = EncryptionPlan.Form(terms, recipients, author: null, Visible(Header));

            groups.SelectMany(group => group.Recipients).ShouldBe(recipients, ignoreOrder: true, $"seed {seed}");
            foreach (var group in groups)
            {
                terms.Ciphers.ShouldContain(group.Cipher, $"seed {seed}");
                foreach (var recipient in group.Recipients)
                {
                    (recipient.Announced?.Intersect(terms.Ciphers).Any() == true ? recipient.Announced : terms.HasOwnCiphers ? terms.Ciphers : [terms.UnknownCapabilities])
                        .ShouldContain(group.Cipher, $"seed {seed}");
                }

                if (group.Recipients is [{ Announced: { } alone }] && alone.Intersect(terms.Ciphers).Any())
                {
                    group.Cipher.ShouldBe(alone.First(terms.Ciphers.Contains), $"seed {seed}");
                }
            }
        }

        static ContentCipher[] SomeOrder(Random random, int atLeast)
        {
            var all = Enum.GetValues<ContentCipher>();
            random.Shuffle(all);
            return all[..random.Next(atLeast, all.Length + 1)];
        }
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nobodys_kind_of_key_is_in_a_message_for_somebody_whose_programs_may_not_know_it(int seed)
    {
        var random = new Random(seed);
        LocatedRecipient[] recipients = [.. Enumerable.Range(0, random.Next(1, 6)).Select(i => Unknown($"{(random.Next(2) == 0 ? "anna@a.example" : $"r{i}@x.example")}") with { Keys = SomeKeys(random) })];
        var author = random.Next(4) == 0 ? null : Unknown("me@example.com") with { Keys = SomeKeys(random) };
        var options = new EncryptOptions { To = ["x"], BlindCopies = Enum.GetValues<BlindCopyTreatment>()[random.Next(3)] };

        var groups = EncryptionPlan.Form(Terms(options), recipients, author, Visible(Header));

        groups.SelectMany(group => group.Recipients).ShouldBe(recipients, ignoreOrder: true);
        foreach (var group in groups)
        {
            group.Recipients.Select(located => located.Management).Distinct().ShouldHaveSingleItem();
            group.Keys.Max(key => key.Management).ShouldBe(group.Recipients[0].Management);
            var mayRead = author?.Keys.Where(key => key.Management <= group.Recipients[0].Management).ToList() ?? [];
            (group.Author?.Keys ?? []).ShouldBe(mayRead);
            group.LeavesAuthorOut.ShouldBe(author is not null && mayRead.Count == 0);
        }
    }

    [Fact]
    public void One_message_more_for_each_kind_of_key_and_no_more_than_that()
    {
        LocatedRecipient[] recipients = [.. new[] { 0, 1, 2, 0, 1, 2 }.Select((kind, i) => Unknown($"r{i}@x.example") with { Keys = [Keys[kind]] })];

        Names(Plan(new EncryptOptions { To = ["x"], BlindCopies = BlindCopyTreatment.Together }, recipients))
            .ShouldBe(["r0@x.example r3@x.example", "r1@x.example r4@x.example", "r2@x.example r5@x.example"]);
    }

    private static readonly CmsRecipient[] Keys =
    [
        Key(TestPki.Issue("anna@a.example")), Key(TestPki.Issue("anna@a.example", KeyKind.EcP256)), Key(ModernIdentity.Issue("anna@a.example", ModernKind.MlKem512).Certificate),
    ];

    private static CmsRecipient Key(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        CmsRecipient.TryCreate(certificate, KeyTransport.RsaPkcs1, RecipientNaming.IssuerAndSerial, out var recipient, out var fault).ShouldBeTrue(fault?.Reason);
        return recipient!;
    }

    private static CmsRecipient[] SomeKeys(Random random) => [.. Keys.Where(_ => random.Next(2) == 0).DefaultIfEmpty(Keys[random.Next(3)])];

    private static IReadOnlyList<EncryptionGroup> Plan(EncryptOptions options, params LocatedRecipient[] recipients) =>
        EncryptionPlan.Form(Terms(options), recipients, author: null, Visible(Header));

    private static EncryptTerms Terms(EncryptOptions options) => new(options, new EncryptionOptions());

    private static VisibleRecipients Visible(string message)
    {
        Entity.TryParse(Encoding.ASCII.GetBytes(message), MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return new VisibleRecipients(entity.Header);
    }

    private static LocatedRecipient Unknown(string address)
    {
        MailPath.TryParse(address, out var path).ShouldBeTrue();
        return new LocatedRecipient(address, [], [], []) { Recipient = new EnvelopeRecipient(path) };
    }

    private static LocatedRecipient Known(string address, ContentCipher[] ciphers) => Unknown(address) with { Announced = ciphers };

    private static string[] Names(IReadOnlyList<EncryptionGroup> groups) =>
        [.. groups.Select(group => string.Join(' ', group.Recipients.Select(located => located.Address)))];
}
