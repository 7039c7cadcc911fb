using SmimeGateway.Cms.Reading;

namespace SmimeGateway.Cms.Tests.Reading;

public sealed class DerNormalizerTests
{
    [Theory]
    [InlineData("0401AA", "0401AA", "DER stays as it is")]
    [InlineData("30800401010000", "3003040101", "indefinite lengths become definite")]
    [InlineData("048101AA", "0401AA", "lengths become short")]
    [InlineData("24800401AA0402BBCC0000", "0403AABBCC", "strings are joined")]
    [InlineData("248024800401AA00000401BB0000", "0402AABB", "strings of strings are joined")]
    [InlineData("3106040102040101", "3106040101040102", "sets are sorted")]
    [InlineData("3006040102040101", "3006040102040101", "sequences are not")]
    [InlineData("A0800401020401010000", "A006040102040101", "fields keep their tag and order")]
    [InlineData("BF8120800401AA0000", "BF8120030401AA", "long tags stay long")]
    [InlineData("3000", "3000", "nothing stays nothing")]
    public void Elements_are_rewritten_as_DER(string ber, string der, string reason) =>
        Convert.ToHexString(DerNormalizer.Normalize(Convert.FromHexString(ber), maxDepth: 8)).ShouldBe(der, reason);

    [Fact]
    public void Depth_is_limited() =>
        Should.Throw<CmsFaultException>(() => DerNormalizer.Normalize(Convert.FromHexString("300430023000"), maxDepth: 2))
            .Fault.Kind.ShouldBe(CmsFaultKind.LimitExceeded);
}
