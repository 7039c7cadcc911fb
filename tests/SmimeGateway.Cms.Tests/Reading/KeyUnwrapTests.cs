using SmimeGateway.Cms.Reading.Keys;

namespace SmimeGateway.Cms.Tests.Reading;

public sealed class KeyUnwrapTests
{
    // RFC 3394 sections 4.1 to 4.6.
    [Theory]
    [InlineData(Oids.Aes128Wrap, 16, "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5", 16)]
    [InlineData(Oids.Aes192Wrap, 24, "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D", 16)]
    [InlineData(Oids.Aes256Wrap, 32, "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7", 16)]
    [InlineData(Oids.Aes192Wrap, 24, "031D33264E15D33268F24EC260743EDCE1C6C7DDEE725A936BA814915C6762D2", 24)]
    [InlineData(Oids.Aes256Wrap, 32, "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21", 32)]
    public void The_vectors_of_RFC_3394(string wrap, int wrappingLength, string wrapped, int keyLength)
    {
        var wrappingKey = Enumerable.Range(0, wrappingLength).Select(value => (byte)value).ToArray();
        var key = Convert.FromHexString("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F")[..keyLength];

        KeyUnwrap.TryUnwrap(wrap, wrappingKey, Convert.FromHexString(wrapped)).ShouldBe(key);
    }

    // RFC 3217 section 3.4.
    [Fact]
    public void The_vector_of_RFC_3217()
    {
        var wrappingKey = Convert.FromHexString("255E0D1C07B646DFB3134CC843BA8AA71F025B7C0838251F");
        var wrapped = Convert.FromHexString("690107618EF092B3B48CA1796B234AE9FA33EBB4159604037DB5D6A84EB3AAC2768C632775A467D4");

        KeyUnwrap.TryUnwrap(Oids.TripleDesWrap, wrappingKey, wrapped)
            .ShouldBe(Convert.FromHexString("2923BF85E06DD6AE529149F1F1BAE9EAB3A7DA3D860D3E98"));
    }

    [Theory]
    [InlineData(Oids.Aes128Wrap, 16, 24)]
    [InlineData(Oids.Aes256Wrap, 32, 40)]
    [InlineData(Oids.Aes128Wrap, 16, 0)]
    [InlineData(Oids.Aes128Wrap, 16, 8)]
    [InlineData(Oids.Aes128Wrap, 16, 23)]
    [InlineData(Oids.Aes128Wrap, 16, 8000)]
    [InlineData(Oids.TripleDesWrap, 24, 40)]
    [InlineData(Oids.TripleDesWrap, 24, 39)]
    public void What_nobody_wrapped_is_refused(string wrap, int wrappingLength, int length)
    {
        var wrappingKey = Enumerable.Range(0, wrappingLength).Select(value => (byte)(value * 7)).ToArray();

        KeyUnwrap.TryUnwrap(wrap, wrappingKey, new byte[length]).ShouldBeNull();
    }
}
