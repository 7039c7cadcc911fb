using SmimeGateway.Certificates.Finding;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Finding;

public sealed class SecretReaderTests
{
    [Theory]
    [InlineData("secret", "secret")]
    [InlineData("secret\n", "secret")]
    [InlineData("secret\r\n", "secret")]
    [InlineData(" se cret \n", " se cret ")]
    public void A_file_is_a_secret_without_its_final_line_end(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["p"], content);

        SecretReader.FromFile(folder["p"]).TryRead(out var secret, out _).ShouldBeTrue();

        secret.ShouldBe(expected);
    }

    [Fact]
    public void A_variable_is_a_secret()
    {
        Environment.SetEnvironmentVariable("SMIMEGATEWAY_TEST_SECRET", "from outside");

        SecretReader.FromEnvironment("SMIMEGATEWAY_TEST_SECRET").TryRead(out var secret, out _).ShouldBeTrue();

        secret.ShouldBe("from outside");
    }

    [Fact]
    public void A_missing_secret_is_a_reason_that_names_the_place()
    {
        SecretReader.FromFile("/nowhere/p").TryRead(out _, out var file).ShouldBeFalse();
        SecretReader.FromEnvironment("SMIMEGATEWAY_UNSET").TryRead(out _, out var variable).ShouldBeFalse();

        file.ShouldBe("the password file /nowhere/p does not exist");
        variable.ShouldContain("SMIMEGATEWAY_UNSET");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    public void A_file_with_nothing_in_it_is_no_secret_and_a_reason(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["p"], content);

        SecretReader.FromFile(folder["p"]).TryRead(out _, out var reason).ShouldBeFalse();

        reason.ShouldBe($"the password file {folder["p"]} is empty");
    }

    [Fact]
    public void A_huge_file_is_no_secret()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["p"], new byte[70_000]);

        SecretReader.FromFile(folder["p"]).TryRead(out _, out var reason).ShouldBeFalse();

        reason!.ShouldContain("larger than");
    }

    [Fact]
    public void A_secret_is_kept_in_exactly_one_place()
    {
        Should.Throw<ArgumentException>(() => new SecretReader(null, null));
        Should.Throw<ArgumentException>(() => new SecretReader("file", "variable"));
    }
}
