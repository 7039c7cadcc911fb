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

    [Theory]
    [InlineData("EFBBBF67C3BC0A", "g\u00fc")]
    [InlineData("FFFE6700FC000A00", "g\u00fc")]
    [InlineData("FEFF006700FC000A", "g\u00fc")]
    public void A_mark_at_the_beginning_tells_the_encoding(string octets, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["p"], Convert.FromHexString(octets));

        SecretReader.FromFile(folder["p"]).TryRead(out var secret, out _).ShouldBeTrue();

        secret.ShouldBe(expected);
    }

    [Theory]
    [InlineData("67FC0A", "is not UTF-8")]
    [InlineData("EFBBBF67FC", "is not UTF-8")]
    [InlineData("FFFE00D8", "is not UTF-8")]
    [InlineData("67EFBFBD", "is not UTF-8")]
    [InlineData("670068", "holds a control character (U+0000)")]
    [InlineData("671B68", "holds a control character (U+001B)")]
    [InlineData("670A68", "holds a control character (U+000A)")]
    public void What_is_no_text_is_no_secret_and_a_reason(string octets, string fault)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["p"], Convert.FromHexString(octets));

        SecretReader.FromFile(folder["p"]).TryRead(out _, out var reason).ShouldBeFalse();

        reason.ShouldBe($"the password file {folder["p"]} {fault}");
    }

    [Fact]
    public void A_key_of_several_lines_may_have_line_ends_and_no_other_control_characters()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["p"], "{\r\n\t\"key\": 1\n}\n");

        new SecretReader(folder["p"], null) { HasLines = true }.TryRead(out var secret, out _).ShouldBeTrue();
        secret.ShouldBe("{\r\n\t\"key\": 1\n}");

        File.WriteAllText(folder["p"], "{\0}");
        new SecretReader(folder["p"], null) { HasLines = true }.TryRead(out _, out _).ShouldBeFalse();
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
