using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Issuing;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Issuing;

public sealed class BuiltInAuthorityTests : IDisposable
{
    private static readonly byte[] Capabilities = Convert.FromHexString("300D300B0609608648016503040102");

    private static readonly AuthorityOptions Quick = new() { LeafKey = AuthorityKey.EcP256 };

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TestPki.Now);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(AuthorityKey.Rsa2048)]
    [InlineData(AuthorityKey.EcP256)]
    public async Task Openssl_accepts_what_was_issued(AuthorityKey key)
    {
        // OpenSSL looks at the real clock.
        await using var authority = Open(new AuthorityOptions { LeafKey = key, Capabilities = Capabilities }, TimeProvider.System);

        var own = (await authority.FindAsync("alice@example.com", default)).ShouldHaveSingleItem();

        File.WriteAllText(_folder["leaf.pem"], own.Certificate.ExportCertificatePem());
        var verified = await Tool.MustAsync(
            "openssl", ["verify", "-purpose", "smimesign", "-x509_strict", "-verify_email", "alice@example.com", "-CAfile", authority.RootFile, _folder["leaf.pem"]]);
        verified.Output.ShouldContain("OK");
        if (key is AuthorityKey.Rsa2048)
        {
            // OpenSSL takes a certificate for encryption only with keyEncipherment, which an elliptic key cannot do.
            await Tool.MustAsync("openssl", ["verify", "-purpose", "smimeencrypt", "-CAfile", authority.RootFile, _folder["leaf.pem"]]);
        }

        var text = (await Tool.MustAsync("openssl", ["x509", "-in", _folder["leaf.pem"], "-noout", "-text"])).Output;
        text.ShouldContain("email:alice@example.com");
        text.ShouldContain("emailAddress = alice@example.com");
        text.ShouldContain("E-mail Protection");
        own.Certificate.Extensions["1.2.840.113549.1.9.15"]!.RawData.ShouldBe(Capabilities);
        text.ShouldContain("X509v3 Authority Key Identifier");
    }

    [Theory]
    [InlineData(AuthorityKey.Ed25519, "Ed25519", "X25519")]
    [InlineData(AuthorityKey.MlDsa, "ML-DSA-65", "ML-KEM-768")]
    public async Task Two_keys_of_a_modern_kind_belong_together_and_outlive_a_restart(AuthorityKey key, string signing, string encryption)
    {
        await using (var first = Open(new AuthorityOptions { LeafKey = key, Capabilities = Capabilities }, TimeProvider.System))
        {
            (await first.FindAsync("alice@example.com", default)).Count.ShouldBe(2);
            (await first.IssueAsync("bob@example.com", default)).Traits.KeyAlgorithm.ShouldBe(signing);
        }

        await using var authority = Open(new AuthorityOptions { LeafKey = key }, TimeProvider.System);
        var found = await authority.FindAsync("Alice@example.com", default);

        found.Select(own => (own.Traits.KeyAlgorithm, own.Traits.AllowsSigning, own.Traits.AllowsEncryption))
            .ShouldBe([(signing, true, false), (encryption, false, true)], ignoreOrder: true);
        found.ShouldAllBe(own => own.KeyFault == null && !own.DetachedKey.IsEmpty);
        found.ShouldAllBe(own => own.Certificate.Extensions["1.2.840.113549.1.9.15"]!.RawData.SequenceEqual(Capabilities));
        authority.All.Count.ShouldBe(4);
        authority.Problems.ShouldBeEmpty();
        Directory.GetFiles(_folder["ca/issued"]).Length.ShouldBe(2);
        var choice = SigningChoice.Choose("alice@example.com", found, TimeProvider.System.GetUtcNow());
        (choice.Chosen!.Traits.KeyAlgorithm, choice.EncryptionCounterpart!.Traits.KeyAlgorithm).ShouldBe((signing, encryption));
        foreach (var own in found)
        {
            // OpenSSL 3.0 follows no path to a key that it does not know; what Node.js looks at is the signature alone.
            File.WriteAllText(_folder["leaf.pem"], own.Certificate.ExportCertificatePem());
            const string Verify =
                "const c = (file) => new (require('crypto').X509Certificate)(require('fs').readFileSync(file)); console.log(c(process.argv[1]).verify(c(process.argv[2]).publicKey))";
            (await Tool.MustAsync("node", ["-e", Verify, _folder["leaf.pem"], authority.RootFile])).Output.ShouldBe("true\n");
            if (key is AuthorityKey.Ed25519)
            {
                await Tool.MustAsync("openssl", ["verify", "-x509_strict", "-verify_email", "alice@example.com", "-CAfile", authority.RootFile, _folder["leaf.pem"]]);
            }
        }
    }

    [Fact]
    public async Task What_was_issued_before_stays_until_it_is_renewed_whatever_keys_are_made_from_now_on()
    {
        string before;
        await using (var first = Open(Quick))
        {
            before = (await first.FindAsync("alice@example.com", default)).Single().Traits.Thumbprint;
        }

        await using var second = Open(new AuthorityOptions { LeafKey = AuthorityKey.MlDsa });

        (await second.FindAsync("alice@example.com", default)).ShouldHaveSingleItem().Traits.Thumbprint.ShouldBe(before);
        (await second.FindAsync("bob@example.com", default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_certificate_is_stored_and_found_again_after_a_restart()
    {
        await using var first = Open(Quick);
        var issued = (await first.FindAsync("alice@example.com", default)).Single();

        await using var second = Open(Quick);
        var found = (await second.FindAsync("Alice@EXAMPLE.com", default)).ShouldHaveSingleItem();

        found.Traits.Thumbprint.ShouldBe(issued.Traits.Thumbprint);
        found.Certificate.HasPrivateKey.ShouldBeTrue();
        second.Root.Thumbprint.ShouldBe(first.Root.Thumbprint);
        second.All.ShouldHaveSingleItem().Location.ShouldBe(_folder["ca/issued/alice@example.com-1.pem"]);
        second.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Concurrent_first_messages_of_a_sender_get_one_certificate()
    {
        await using var authority = Open(Quick);

        var found = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            Task.Run(() => authority.FindAsync(i % 2 == 0 ? "alice@example.com" : "ALICE@example.com", default).AsTask())));

        found.Select(list => list.Single().Traits.Thumbprint).Distinct().ShouldHaveSingleItem();
        Directory.GetFiles(_folder["ca/issued"]).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Two_authorities_on_one_folder_share_one_root_and_one_certificate()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Open(Quick))));
        opened.Select(authority => authority.Root.Thumbprint).Distinct().ShouldHaveSingleItem();

        var first = (await opened[0].FindAsync("alice@example.com", default)).Single();
        var second = (await opened[1].FindAsync("alice@example.com", default)).Single();

        second.Traits.Thumbprint.ShouldBe(first.Traits.Thumbprint);
        foreach (var authority in opened)
        {
            await authority.DisposeAsync();
        }
    }

    [Fact]
    public async Task Keys_are_readable_by_their_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var authority = Open(Quick);
        await authority.IssueAsync("alice@example.com", default);

        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.GetUnixFileMode(_folder["ca"]).ShouldBe(OwnerOnly | UnixFileMode.UserExecute);
        File.GetUnixFileMode(_folder["ca/issued"]).ShouldBe(OwnerOnly | UnixFileMode.UserExecute);
        File.GetUnixFileMode(_folder["ca/authority.pem"]).ShouldBe(OwnerOnly);
        File.GetUnixFileMode(_folder["ca/issued/alice@example.com-1.pem"]).ShouldBe(OwnerOnly);
        File.ReadAllText(_folder["ca/root.pem"]).ShouldNotContain("PRIVATE");
        Directory.GetFiles(_folder["ca"], ".*").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_root_is_exported_in_both_forms()
    {
        await using var authority = Open(Quick);

        File.ReadAllBytes(_folder["ca/root.cer"]).ShouldBe(authority.Root.RawData);
        authority.RootFile.ShouldBe(_folder["ca/root.pem"]);
        File.ReadAllText(authority.RootFile).ShouldBe(authority.Root.ExportCertificatePem() + "\n");
        authority.Root.HasPrivateKey.ShouldBeFalse();
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(267)]
    public async Task A_certificate_for_a_long_address_names_it_where_there_is_room(int length)
    {
        await using var authority = Open(Quick);
        var address = new string('a', length - 12) + "@example.com";

        var own = (await authority.FindAsync(address, default)).ShouldHaveSingleItem();

        own.Traits.HasAddress(address).ShouldBeTrue();
        own.PublicCertificate.SubjectName.Name.Contains("E=", StringComparison.Ordinal).ShouldBe(length <= 255);
    }

    [Fact]
    public async Task A_name_is_not_cut_through_a_character()
    {
        await using var authority = Open(Quick);
        var address = new string('a', 63) + "\U00020000@example.com";

        (await authority.FindAsync(address, default)).ShouldHaveSingleItem().Traits.HasAddress(address).ShouldBeTrue();
    }

    [Theory]
    [InlineData("mallory@other.example")]
    [InlineData("no mailbox")]
    [InlineData("alice@example.com\r\n")]
    [InlineData("")]
    public async Task Nothing_is_issued_for_an_address_that_is_not_covered_or_no_mailbox(string address)
    {
        await using var authority = Open(Quick);

        (await authority.FindAsync(address, default)).ShouldBeEmpty();
        await Should.ThrowAsync<IssuingRefusedException>(() => authority.IssueAsync(address, default));

        Directory.GetFiles(_folder["ca/issued"]).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_certificate_is_renewed_before_its_end_and_the_old_one_kept()
    {
        await using var authority = Open(Quick);
        var old = (await authority.FindAsync("alice@example.com", default)).Single();

        _time.Advance(Quick.LeafLifetime - Quick.RenewBefore + TimeSpan.FromDays(1));
        var found = await authority.FindAsync("alice@example.com", default);

        found.Count.ShouldBe(2);
        var chosen = SigningChoice.Choose("alice@example.com", found, _time.GetUtcNow()).Chosen!;
        chosen.Traits.Thumbprint.ShouldNotBe(old.Traits.Thumbprint);
        chosen.Traits.NotAfter.ShouldBe(old.Traits.NotAfter + Quick.LeafLifetime - Quick.RenewBefore + TimeSpan.FromDays(1));
        (await authority.FindAsync("alice@example.com", default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task No_certificate_outlives_the_root()
    {
        var options = Quick with { RootLifetime = TimeSpan.FromDays(100) };
        await using var authority = Open(options);

        var own = (await authority.FindAsync("alice@example.com", default)).Single();
        own.Traits.NotAfter.ShouldBe(CertificateTraits.Read(authority.Root).NotAfter);

        _time.Advance(TimeSpan.FromDays(90));
        (await authority.FindAsync("alice@example.com", default)).ShouldHaveSingleItem();
        authority.Problems.ShouldHaveSingleItem().Reason.ShouldStartWith("the root ends on ");

        _time.Advance(TimeSpan.FromDays(20));
        (await authority.FindAsync("bob@example.com", default)).ShouldBeEmpty();
        await Should.ThrowAsync<IssuingRefusedException>(() => authority.IssueAsync("bob@example.com", default));
    }

    [Fact]
    public async Task An_address_in_unicode_gets_a_certificate_of_its_own()
    {
        await using var authority = Open(Quick);

        var own = (await authority.FindAsync("älice@exämple.com", default)).Single();

        own.Traits.Addresses.ShouldBe(["älice@xn--exmple-cua.com"]);
        own.Traits.HasAddress("älice@exämple.com").ShouldBeTrue();
        Path.GetFileName(own.Location).ShouldBe("%c3%a4lice@xn--exmple-cua.com-1.pem");
    }

    [Fact]
    public async Task An_issued_certificate_is_trusted_below_its_root_alone()
    {
        await using var authority = Open(Quick);
        var own = await authority.IssueAsync("alice@example.com", default);

        own.Issuers.ShouldBe(own.Chain);
        new TrustStore([authority.Root], []).Judge(own.Certificate, own.Chain, TestPki.Now).IsTrusted.ShouldBeTrue();
        new TrustStore([TestPki.Root], []).Judge(own.Certificate, own.Chain, TestPki.Now).IsTrusted.ShouldBeFalse();
    }

    [Fact]
    public async Task Every_certificate_has_a_serial_number_of_its_own()
    {
        await using var authority = Open(Quick);

        var serials = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            var own = await authority.IssueAsync("alice@example.com", default);
            own.Traits.SerialNumber.Length.ShouldBe(32);
            serials.Add(own.Traits.SerialNumber);
        }

        serials.Count.ShouldBe(20);
        authority.All.Count.ShouldBe(20);
    }

    [Fact]
    public async Task A_damaged_root_is_never_replaced_silently()
    {
        await Open(Quick).DisposeAsync();
        File.WriteAllText(_folder["ca/authority.pem"], "damaged");

        Should.Throw<SourceUnreachableException>(() => Open(Quick)).Message.ShouldContain("authority.pem");

        File.ReadAllText(_folder["ca/authority.pem"]).ShouldBe("damaged");
    }

    [Fact]
    public async Task A_damaged_certificate_is_a_problem_and_a_new_one_is_issued()
    {
        await using (var first = Open(Quick))
        {
            await first.IssueAsync("alice@example.com", default);
        }

        File.WriteAllText(_folder["ca/issued/alice@example.com-1.pem"], "damaged");
        await using var second = Open(Quick);

        second.Problems.ShouldHaveSingleItem().Location.ShouldBe(_folder["ca/issued/alice@example.com-1.pem"]);
        (await second.FindAsync("alice@example.com", default)).ShouldHaveSingleItem().Location.ShouldEndWith("-2.pem");
    }

    [Fact]
    public async Task Certificates_of_another_root_are_not_used()
    {
        await using (var first = Open(Quick))
        {
            await first.IssueAsync("alice@example.com", default);
        }

        using (var elsewhere = new TemporaryFolder())
        {
            await using (BuiltInAuthority.Open("other", elsewhere["ca"], _ => true, Quick, _time))
            {
            }

            File.Copy(elsewhere["ca/authority.pem"], _folder["ca/authority.pem"], overwrite: true);
        }

        await using var second = Open(Quick);

        second.All.ShouldBeEmpty();
        second.Problems.ShouldHaveSingleItem().Reason.ShouldContain("another root");
        var own = (await second.FindAsync("alice@example.com", default)).ShouldHaveSingleItem();
        own.Certificate.IssuerName.RawData.ShouldBe(second.Root.SubjectName.RawData);
    }

    [Theory]
    [InlineData("root.pem", "root.cer")]
    [InlineData("issued")]
    public async Task A_root_that_is_gone_is_not_made_anew_while_anything_of_it_is_left(params string[] left)
    {
        await using (var first = Open(Quick))
        {
            await first.IssueAsync("alice@example.com", default);
        }

        foreach (var entry in Directory.EnumerateFileSystemEntries(_folder["ca"]).Where(entry => !left.Contains(Path.GetFileName(entry))).ToList())
        {
            if (Directory.Exists(entry))
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }

        var before = Files();

        Should.Throw<SourceUnreachableException>(() => Open(Quick)).Message.ShouldContain("authority.pem, the root of the authority and its key, is gone");
        Files().ShouldBe(before);

        string[] Files() => [.. Directory.EnumerateFiles(_folder["ca"], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => $"{file} {File.ReadAllText(file)}")];
    }

    [Fact]
    public async Task A_folder_that_vanished_defers_and_recovers()
    {
        await using var authority = Open(Quick);
        Directory.Move(_folder["ca/issued"], _folder["away"]);

        await Should.ThrowAsync<SourceUnreachableException>(async () => await authority.FindAsync("alice@example.com", default));

        Directory.Move(_folder["away"], _folder["ca/issued"]);
        (await authority.FindAsync("alice@example.com", default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_work_to_be_finished()
    {
        await using var authority = Open(new AuthorityOptions());
        using var impatience = new CancellationTokenSource();
        await impatience.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await authority.FindAsync("alice@example.com", impatience.Token));

        await Eventually.TrueAsync(() => authority.All.Count == 1);
        (await authority.FindAsync("alice@example.com", default)).Count.ShouldBe(1);
    }

    private BuiltInAuthority Open(AuthorityOptions options, TimeProvider? time = null) => BuiltInAuthority.Open(
        "local",
        _folder["ca"],
        address => address.EndsWith("@example.com", StringComparison.OrdinalIgnoreCase) || address.EndsWith("@exämple.com", StringComparison.Ordinal),
        options,
        time ?? _time);
}
