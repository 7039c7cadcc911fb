using SmimeGateway.Deciding;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Protecting;

namespace SmimeGateway.Tests.Protecting;

public sealed class VersionMemoryTests
{
    private const int Octets = 1000;

    // Base64 makes 1.4 of an octet. Beside the message and its versions stands what making the greediest takes: the signed form as it is read
    // back, and for a wrapped one the encrypted form and the reading of its signature.
    [Theory]
    [InlineData("pass", 1, 2000)]
    [InlineData("sign", 1, 3800)]
    [InlineData("sign", 2, 5200)]
    [InlineData("encrypt", 1, 3400)]
    [InlineData("encrypt", 3, 6200)]
    [InlineData("sign encrypt", 1, 5760)]
    [InlineData("sign encrypt", 2, 7720)]
    [InlineData("encrypt wrap", 1, 6760)]
    [InlineData("sign encrypt wrap", 1, 9064)]
    public void What_versions_take_is_reckoned_with_what_making_one_of_them_takes(string work, int copies, long total)
    {
        var memory = new VersionMemory(Octets);

        memory.Add(To(work), isSigned: work.Contains("sign", StringComparison.Ordinal) || work.Contains("wrap", StringComparison.Ordinal), copies);

        memory.Total.ShouldBeInRange(total - 1, total);
    }

    // A copy with the signature before it: while it is made, the version is there twice, and what it was made of.
    [Theory]
    [InlineData("sign", 3800)]
    [InlineData("encrypt", 4800)]
    [InlineData("sign encrypt", 6320)]
    [InlineData("encrypt wrap", 6760)]
    public void A_signature_before_each_version_makes_a_copy(string work, long total)
    {
        var memory = new VersionMemory(Octets, isDomainSigned: true);

        memory.Add(To(work), isSigned: work.Contains("sign", StringComparison.Ordinal) || work.Contains("wrap", StringComparison.Ordinal), copies: 1);

        memory.Total.ShouldBeInRange(total - 1, total);
    }

    // The pieces of what is written anew, the whole of them, and that with the signature before it: the last of them stays.
    [Theory]
    [InlineData(false, 1, 2000)]
    [InlineData(false, 2, 3000)]
    [InlineData(true, 1, 5200)]
    [InlineData(true, 2, 6600)]
    public void What_passes_and_is_signed_for_a_domain_is_a_copy_and_where_its_lines_are_written_anew_more_for_a_while(bool isRewritten, int copies, long total)
    {
        var memory = new VersionMemory(Octets, isDomainSigned: true);

        for (var i = 0; i < copies; i++)
        {
            memory.AddPassing(isRewritten);
        }

        memory.Total.ShouldBeInRange(total - 1, total);
    }

    [Theory]
    [InlineData(500, 2000 + 500)]
    [InlineData(3000, 3000 + 6000)]
    public void Another_form_of_the_message_stands_beside_it_and_the_longer_one_is_what_versions_are_made_of(int octets, long total)
    {
        var memory = new VersionMemory(Octets);

        memory.AddForm(octets);
        memory.Add(To("pass"), isSigned: false, copies: 1);

        memory.Total.ShouldBe(total);
    }

    [Theory]
    [InlineData("sign", "pass")]
    [InlineData("encrypt wrap", "encrypt")]
    [InlineData("sign encrypt wrap", "encrypt")]
    public void Without_a_certificate_to_sign_with_it_is_as_though_the_rule_did_not_sign(string work, string plain)
    {
        var (memory, other) = (new VersionMemory(Octets), new VersionMemory(Octets));

        memory.Add(To(work), isSigned: false, copies: 2);
        other.Add(To(plain), isSigned: false, copies: 2);

        memory.Total.ShouldBe(other.Total);
    }

    [Fact]
    public void Versions_add_up_and_are_made_one_after_the_other()
    {
        string[] works = ["sign encrypt wrap", "sign", "encrypt", "pass"];
        var memory = new VersionMemory(Octets);

        foreach (var work in works)
        {
            memory.Add(To(work), isSigned: true, copies: 1);
        }

        // The message, 2.744 + 1.4 + 1.4 + 1 times as much for its versions, and 5.32 times as much while the greediest is made.
        memory.Total.ShouldBeInRange(12_863, 12_864);
    }

    private static Decision To(string work)
    {
        var isSigned = work.Contains("sign", StringComparison.Ordinal) || work.Contains("wrap", StringComparison.Ordinal);
        return new Decision("rule", DecisionAction.Protect, isSigned ? new SignOptions { With = ["x"] } : null, AlreadyProtected.Keep)
        {
            SignsInside = work.Contains("sign", StringComparison.Ordinal),
            SignsOutside = work.Contains("wrap", StringComparison.Ordinal),
            Encrypt = work.Contains("encrypt", StringComparison.Ordinal) ? new EncryptTerms(new EncryptOptions { To = ["x"] }, new EncryptionOptions()) : null,
        };
    }
}
