using System.Buffers;
using SmimeGateway.Cms;
using SmimeGateway.Deciding.Options;
using SmimeGateway.Locating;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Locating;

public sealed class AnnouncedListTests : IDisposable
{
    private const string Alice = "alice@example.com";

    private static readonly SignOptions Sign = new() { With = ["local"] };

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public static TheoryData<ContentCipher[]> Lists =>
    [
        [.. new EncryptionOptions().Announce],
        [ContentCipher.Aes256Gcm],
        [ContentCipher.Aes128Cbc, ContentCipher.Aes128Gcm, ContentCipher.Aes256Cbc],
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Signatures_and_issued_certificates_announce_the_same_list(ContentCipher[] announce)
    {
        await using var own = OwnSources.Open(Authority(), previous: null, _time, announce: announce);

        var found = (await new CredentialLocator(own, announce, _time).FindSignerAsync(Sign, Alice, "", default)).Found.ShouldNotBeNull();

        var cms = found.Signer.SignEncapsulated(new ReadOnlySequence<byte>("x"u8.ToArray()), TestPki.Now).ToArray();
        SignedData.TryRead(cms, out var signed, out _).ShouldBeTrue();
        signed!.Signers[0].Capabilities!.Ciphers.ShouldBe(announce);
        found.Certificate.Certificate.Extensions["1.2.840.113549.1.9.15"]!.RawData.ShouldBe(signed.Signers[0].Capabilities!.Encode());
    }

    [Fact]
    public void Unless_configured_nothing_is_announced_but_CBC() =>
        new EncryptionOptions().Announce.ShouldBe([ContentCipher.Aes256Cbc, ContentCipher.Aes192Cbc, ContentCipher.Aes128Cbc]);

    [Fact]
    public async Task An_authority_that_announces_something_else_after_a_reload_is_another()
    {
        await using var before = OwnSources.Open(Authority(), previous: null, _time);
        await using var same = OwnSources.Open(Authority(), before, _time);
        await using var other = OwnSources.Open(Authority(), before, _time, announce: [ContentCipher.Aes256Gcm]);

        same.Find("local").ShouldBeSameAs(before.Find("local"));
        other.Find("local").ShouldNotBeSameAs(before.Find("local"));
    }

    private OwnCertificateOptions[] Authority() => [new() { Name = "local", Authority = _folder["ca"], IssueFor = ["*@example.com"] }];
}
