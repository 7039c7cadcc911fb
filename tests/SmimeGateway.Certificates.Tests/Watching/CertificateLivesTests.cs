using SmimeGateway.Certificates.Watching;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Watching;

public sealed class CertificateLivesTests
{
    [Theory]
    [InlineData(31, null)]
    [InlineData(30, 30)]
    [InlineData(15, 30)]
    [InlineData(14, 14)]
    [InlineData(7, 7)]
    [InlineData(2, 7)]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    [InlineData(-3, 1)]
    public void The_threshold_is_the_smallest_that_was_reached(int days, int? threshold)
    {
        var certificate = Own.Of(TestPki.Issue("alice@example.com", notAfter: TestPki.Now.AddDays(days)));

        var life = CertificateLives.Of([certificate], TestPki.Now).Single();

        life.DaysLeft.ShouldBe(days);
        life.Threshold.ShouldBe(threshold);
        life.IsExpired.ShouldBe(days < 0);
    }

    [Fact]
    public void The_one_that_ends_soonest_comes_first()
    {
        var late = Own.Of(TestPki.Issue("alice@example.com"));
        var soon = Own.Of(TestPki.Issue("bob@example.com", notAfter: TestPki.Now.AddDays(3)));

        CertificateLives.Of([late, soon], TestPki.Now).Select(life => life.Certificate).ShouldBe([soon, late]);
    }

    [Fact]
    public void One_that_has_a_successor_for_all_it_does_is_superseded()
    {
        var old = Own.Of(TestPki.Expired("alice@example.com"));
        var signing = Own.Of(TestPki.SigningOnly("alice@example.com"));
        var encryption = Own.Of(TestPki.EncryptionOnly("alice@example.com"));

        CertificateLives.Of([old, signing], TestPki.Now)[0].IsSuperseded.ShouldBeFalse();
        CertificateLives.Of([old, signing, encryption], TestPki.Now)[0].IsSuperseded.ShouldBeTrue();
        CertificateLives.Of([old, Own.Of(TestPki.Issue("bob@example.com"))], TestPki.Now)[0].IsSuperseded.ShouldBeFalse();
    }
}
