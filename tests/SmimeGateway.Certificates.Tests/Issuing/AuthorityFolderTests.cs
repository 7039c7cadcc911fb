using SmimeGateway.Certificates.Issuing;

namespace SmimeGateway.Certificates.Tests.Issuing;

public sealed class AuthorityFolderTests
{
    [Theory]
    [InlineData("alice@example.com", "alice@example.com")]
    [InlineData("a.b+c@example.com", "a.b%2bc@example.com")]
    [InlineData("../../etc/passwd@example.com", "%2e.%2f..%2fetc%2fpasswd@example.com")]
    [InlineData("a/b\\c@example.com", "a%2fb%5cc@example.com")]
    public void No_address_leads_out_of_the_folder(string address, string file)
    {
        AuthorityFolder.FileNameOf(address).ShouldBe(file);
    }

    [Fact]
    public void Long_addresses_stay_apart_in_short_names()
    {
        var one = AuthorityFolder.FileNameOf(new string('ä', 60) + "@" + new string('b', 60) + ".example");
        var other = AuthorityFolder.FileNameOf(new string('ä', 60) + "@" + new string('b', 60) + ".example2");

        one.Length.ShouldBeLessThan(200);
        other.ShouldNotBe(one);
    }
}
