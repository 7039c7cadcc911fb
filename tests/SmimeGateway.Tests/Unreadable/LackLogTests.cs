using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Unreadable;

/// <summary>What the log says is done for want of a certificate is what was done.</summary>
public sealed class LackLogTests
{
    private const string Author = "alice@example.com";
    private const string Nobody = "nobody@example.net";

    public static TheoryData<WhenCertificateMissing, bool> Signing => EachWay<WhenCertificateMissing>();

    public static TheoryData<WhenRecipientMissing, bool> Encrypting => EachWay<WhenRecipientMissing>();

    [Theory]
    [MemberData(nameof(Signing))]
    public async Task Only_what_leaves_unsigned_is_told_to_have_done_so(WhenCertificateMissing whenMissing, bool isUnreadable)
    {
        await using var bed = Bed(isUnreadable);

        var outcome = await bed.SignAsync(Author, new SignOptions { With = ["own"], WhenMissing = whenMissing });

        ShouldTell(bed, outcome, "finds no certificate to sign with", whenMissing.ToString());
    }

    [Theory]
    [MemberData(nameof(Signing))]
    public async Task Who_is_no_single_author_is_not_told_to_lack_a_certificate(WhenCertificateMissing whenMissing, bool isUnreadable)
    {
        await using var bed = Bed(isUnreadable);

        var outcome = await bed.SignAsync($"{Author}, bob@example.com", new SignOptions { With = ["own"], WhenMissing = whenMissing });

        ShouldTell(bed, outcome, "cannot sign", whenMissing.ToString());
        bed.Log.Lines.ShouldNotContain(line => line.Contains("finds no certificate", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Encrypting))]
    public async Task Only_what_is_kept_without_being_encrypted_is_told_to_be(WhenRecipientMissing whenMissing, bool isUnreadable)
    {
        await using var bed = Bed(isUnreadable);

        var outcome = await bed.EncryptAsync(Nobody, new EncryptOptions { To = ["partners"], WhenMissing = whenMissing });

        ShouldTell(bed, outcome, $"finds no certificate to encrypt to for {Nobody}", whenMissing.ToString());
    }

    [Fact]
    public async Task What_the_queue_does_not_take_is_told_to_have_left_in_no_way()
    {
        await using var bed = Bed(isUnreadable: false);
        bed.Queue.Refusal = "no room";

        var outcome = await bed.SignAsync(Author, new SignOptions { With = ["own"], WhenMissing = WhenCertificateMissing.Pass });

        outcome.Reply.Code.ShouldBe(452);
        bed.Log.Lines.ShouldNotContain(line => line.Contains(", so ", StringComparison.Ordinal));
    }

    private static TheoryData<T, bool> EachWay<T>()
        where T : struct, Enum
    {
        var data = new TheoryData<T, bool>();
        foreach (var value in Enum.GetValues<T>())
        {
            data.Add(value, false);
            data.Add(value, true);
        }

        return data;
    }

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["Pass"] = "it leaves without",
        ["Hold"] = "it is held",
        ["Bounce"] = "it does not reach them, and the sender gets a report",
    };

    private static void ShouldTell(UnreadableBed bed, Outcome outcome, string what, string then)
    {
        var told = bed.Log.Lines.Where(line => line.Contains(", so ", StringComparison.Ordinal)).ToList();
        if (outcome is Accepted)
        {
            told.ShouldHaveSingleItem().ShouldContain($"{what}, so {Words[then]}: ");
        }
        else
        {
            told.ShouldBeEmpty();
            bed.Log.Lines.Count(line => line.Contains(outcome.Detail, StringComparison.Ordinal)).ShouldBe(1);
        }
    }

    private static UnreadableBed Bed(bool isUnreadable)
    {
        var bed = new UnreadableBed();
        foreach (var folder in new[] { "own", "partners" })
        {
            Directory.CreateDirectory(bed[folder]);
            File.WriteAllText(bed[folder + "/other.pem"], TestPki.MakePem(TestPki.Issue("other@example.com")));
            if (isUnreadable)
            {
                File.WriteAllText(bed[folder + "/half.pem"], "-----BEGIN CERTIFICATE-----\nMIIB");
            }
        }

        bed.Start(new CertificateOptions
        {
            Own = [new OwnCertificateOptions { Name = "own", Folder = bed["own"] }],
            Partners = [new PartnerCertificateOptions { Name = "partners", Folder = bed["partners"], Accept = PartnerAcceptance.All }],
        });
        return bed;
    }
}
