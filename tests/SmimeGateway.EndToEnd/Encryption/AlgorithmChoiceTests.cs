using SmimeGateway.TestSupport;

namespace SmimeGateway.EndToEnd.Encryption;

/// <summary>The cipher follows what each partner is known to read: from signed mail that came by, from the rule, or not at all.</summary>
public sealed class AlgorithmChoiceTests(AnnouncingPartners partners) : IClassFixture<AnnouncingPartners>
{
    private const string Aes128Cbc = "2.16.840.1.101.3.4.1.2";
    private const string Aes256Cbc = "2.16.840.1.101.3.4.1.42";
    private const string Aes256Gcm = "2.16.840.1.101.3.4.1.46";
    private const string TripleDes = "1.2.840.113549.3.7";

    [Fact]
    public async Task A_partner_who_announced_nothing_gets_what_everybody_reads()
    {
        (await partners.CiphersAsync("known@partner.example")).ShouldBe(["aes-256-cbc"]);
    }

    [Fact]
    public async Task A_partner_who_announced_AES_GCM_in_signed_mail_gets_it()
    {
        await partners.AnnounceAsync("gina@partner.example", Aes256Gcm, Aes256Cbc);

        await Eventually.TrueAsync(async () => (await partners.CiphersAsync("gina@partner.example")).SequenceEqual(["aes-256-gcm"]));
    }

    [Fact]
    public async Task A_partner_who_announced_a_weaker_cipher_of_the_list_gets_that()
    {
        await partners.AnnounceAsync("otto@partner.example", Aes128Cbc, TripleDes);

        await Eventually.TrueAsync(async () => (await partners.CiphersAsync("otto@partner.example")).SequenceEqual(["aes-128-cbc"]));
    }

    [Fact]
    public async Task A_partner_who_announced_nothing_of_the_list_gets_what_everybody_reads()
    {
        await partners.AnnounceAsync("old@partner.example", TripleDes);

        await Eventually.TrueAsync(async () => (await partners.CiphersAsync("old@partner.example")).SequenceEqual(["aes-256-cbc"]));
    }

    [Fact]
    public async Task Old_signed_mail_that_a_stranger_sends_again_changes_nothing()
    {
        const string Rita = "rita@partner.example";
        const string Listed = "listed@folder.example";
        var (now, former) = (TimeProvider.System.GetUtcNow(), TestPki.Issue(Rita, keyOwner: "Rita's lost key"));
        await partners.AnnounceAsync(Rita, partners.SomeOf(Rita), now.AddMinutes(-5), Rita, Aes256Gcm, Aes256Cbc);
        await Eventually.TrueAsync(async () => (await partners.CiphersAsync(Rita)).SequenceEqual(["aes-256-gcm"]));

        await partners.AnnounceAsync(Rita, partners.SomeOf(Rita), now.AddMinutes(-9), "", TripleDes);
        await partners.AnnounceAsync(Rita, partners.SomeOf(Rita), now.AddYears(-1), "", Aes128Cbc);
        await partners.AnnounceAsync(Rita, former, now.AddMinutes(-9), "", Aes128Cbc);
        await partners.AnnounceAsync(Listed, partners.SomeOf(Listed), now.AddYears(-1), "", TripleDes);
        await partners.AnnounceAsync(Listed, partners.SomeOf(Listed), now, "", TripleDes);
        await partners.AnnounceAsync("last@partner.example", partners.SomeOf("last@partner.example"), now, "", Aes128Cbc);
        await Eventually.TrueAsync(async () => (await partners.CiphersAsync("last@partner.example")).SequenceEqual(["aes-128-cbc"]));

        (await partners.CiphersAsync(Rita)).ShouldBe(["aes-256-gcm"]);
        (await partners.KeysAsync(Rita)).ShouldBe(2);
        (await partners.CiphersAsync(Listed)).ShouldBe(["aes-256-cbc"]);
    }

    [Fact]
    public async Task The_list_of_a_rule_says_what_its_partners_read()
    {
        (await partners.CiphersAsync("edi@market.example")).ShouldBe(["aes-128-gcm"]);
    }

    [Fact]
    public async Task A_rule_wins_over_nothing_announced_but_not_over_what_was_announced()
    {
        await partners.AnnounceAsync("late@market.example", Aes256Cbc);

        await Eventually.TrueAsync(async () => (await partners.CiphersAsync("late@market.example")).SequenceEqual(["aes-256-cbc"]));
    }

    [Fact]
    public async Task Two_partners_get_one_message_in_the_first_cipher_that_both_read()
    {
        await partners.AnnounceAsync("gina@partner.example", Aes256Gcm, Aes256Cbc);
        await Eventually.TrueAsync(async () => (await partners.CiphersAsync("gina@partner.example")).SequenceEqual(["aes-256-gcm"]));

        (await partners.CiphersAsync("gina@partner.example", "known@partner.example")).ShouldBe(["aes-256-cbc"]);
    }

    [Fact]
    public async Task Partners_with_no_cipher_in_common_get_messages_of_their_own()
    {
        await partners.AnnounceAsync("modern@partner.example", Aes256Gcm);
        await Eventually.TrueAsync(async () => (await partners.CiphersAsync("modern@partner.example")).SequenceEqual(["aes-256-gcm"]));

        (await partners.CiphersAsync("modern@partner.example", "known@partner.example")).Order(StringComparer.Ordinal).ShouldBe(["aes-256-cbc", "aes-256-gcm"]);
    }
}
