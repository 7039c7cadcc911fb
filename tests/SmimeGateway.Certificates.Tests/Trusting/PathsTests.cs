using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Choosing;
using SmimeGateway.Certificates.Finding;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Trusting;

/// <summary>Authorities with several certificates: in every order and wherever they lie, a way up that holds is found, and none that does not.</summary>
public sealed class PathsTests
{
    private const string Bob = "bob@partner.example";

    private static readonly DateTimeOffset Past = TestPki.Now.AddDays(-10);
    private static readonly DateTimeOffset Future = TestPki.Now.AddDays(10);
    private static readonly TestAuthority Old = new("Old Root");
    private static readonly TestAuthority New = new("New Root");
    private static readonly TestAuthority Issuing = new("Issuing");

    // Of the same names, but with other keys.
    private static readonly TestAuthority OldOther = new("Old Root");
    private static readonly TestAuthority IssuingOther = new("Issuing");

    /// <summary>A leaf, roots, what else is known, and whether the leaf is trusted.</summary>
    private static readonly Dictionary<string, (X509Certificate2 Leaf, X509Certificate2[] Roots, X509Certificate2[] Known, bool IsTrusted)> Constellations = new(StringComparer.Ordinal)
    {
        ["an expired root and its cross-certificate"] = (Old.Issue(Bob), [New.Root(), Old.Root(to: Past)], [New.Certify(Old)], true),
        ["an expired root, its cross-certificate, and an intermediate"] =
            (Issuing.Issue(Bob), [New.Root(), Old.Root(to: Past)], [Old.Certify(Issuing), New.Certify(Old)], true),
        ["a root and its expired cross-certificate"] = (Old.Issue(Bob), [New.Root(), Old.Root()], [New.Certify(Old, to: Past)], true),
        ["an expired root and the renewed one"] = (Old.Issue(Bob), [Old.Root(to: Past), Old.Root()], [], true),
        ["a root and one that is not valid yet"] = (Old.Issue(Bob), [Old.Root(), Old.Root(from: Future)], [], true),
        ["an expired intermediate and the renewed one"] = (Issuing.Issue(Bob), [Old.Root()], [Old.Certify(Issuing, to: Past), Old.Certify(Issuing)], true),
        ["an intermediate and one that is not valid yet"] = (Issuing.Issue(Bob), [Old.Root()], [Old.Certify(Issuing), Old.Certify(Issuing, from: Future)], true),
        ["two intermediates of one name, without identifiers"] = (
            Issuing.Issue(Bob, withIdentifiers: false), [Old.Root()],
            [Old.Certify(Issuing, withIdentifiers: false), Old.Certify(IssuingOther, withIdentifiers: false)], true),
        ["two roots of one name, without identifiers"] = (
            Old.Issue(Bob, withIdentifiers: false), [OldOther.Certify(OldOther, withIdentifiers: false), Old.Certify(Old, withIdentifiers: false)], [], true),
        ["two intermediates of one name, by a root that is trusted and one that is not"] =
            (Issuing.Issue(Bob), [Old.Root()], [New.Certify(Issuing), New.Root(), Old.Certify(Issuing)], true),
        ["roots that certify each other"] = (Old.Issue(Bob), [New.Root()], [New.Certify(Old), Old.Certify(New), Old.Root()], true),
        ["an issuer that expired, alone"] = (Issuing.Issue(Bob), [Old.Root()], [Old.Certify(Issuing, to: Past)], false),
        ["a root that expired, alone"] = (Old.Issue(Bob), [Old.Root(to: Past), New.Root()], [], false),
        ["strangers that certify each other"] = (Old.Issue(Bob), [Issuing.Root()], [New.Certify(Old), Old.Certify(New), Old.Root()], false),
        ["an authority of the same name with another key"] = (OldOther.Issue(Bob), [Old.Root()], [New.Certify(OldOther)], false),
        ["a leaf that expired"] = (Old.Issue(Bob, to: Past), [Old.Root()], [], false),
    };

    public static TheoryData<string> Names => [.. Constellations.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_way_up_that_holds_is_found_in_every_order(string name)
    {
        var (leaf, roots, known, isTrusted) = Constellations[name];
        foreach (var (ordered, others) in from some in Orders(roots) from other in Orders(known) select (some, other))
        {
            var configured = new TrustStore(ordered, others).Judge(leaf, [], TestPki.Now);
            var alongside = new TrustStore(ordered, []).Judge(leaf, others, TestPki.Now);

            configured.IsTrusted.ShouldBe(isTrusted, string.Join("; ", configured.Reasons));
            alongside.IsTrusted.ShouldBe(isTrusted, string.Join("; ", alongside.Reasons));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_partners_folder_with_all_of_them_is_used_like_the_store(string name)
    {
        var (leaf, roots, known, isTrusted) = Constellations[name];
        using var folder = new TemporaryFolder();
        var number = 0;
        foreach (var certificate in known.Append(leaf))
        {
            File.WriteAllText(folder[$"{number++}.pem"], TestPki.MakeCertificatePem(TestPki.Public(certificate)));
        }

        await using var source = PartnerFolder.Open("folder", folder.Path, isVouchedFor: false, TimeProvider.System);

        EncryptionChoice.Choose(Bob, await source.FindAsync(Bob, CancellationToken.None), new TrustStore(roots, []), TestPki.Now).Chosen.Any().ShouldBe(isTrusted);
    }

    // Whoever sends certificates along may send many of one name, each of which leads to many others.
    [Theory]
    [InlineData(50, true)]
    [InlineData(600, false)]
    public void Ways_are_looked_for_among_many_certificates_of_one_name_up_to_a_bound(int decoys, bool isFound)
    {
        var (root, issuing, unknown) = (new TestAuthority("Root"), new TestAuthority("Issuing"), new TestAuthority("Unknown"));
        var leaf = issuing.Issue(Bob, withIdentifiers: false);
        var dead = unknown.Certify(issuing, withIdentifiers: false);
        var extra = Enumerable.Repeat(dead, decoys).Append(root.Certify(issuing, withIdentifiers: false));

        new PathSearch([root.Root()], []).Find(leaf, extra, TestPki.Now).Any().ShouldBe(isFound);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_certificate_of_a_root_for_another_of_its_keys_is_sent_along_and_the_root_above_it_found(bool withIdentifiers)
    {
        var (older, newer) = (new TestAuthority("Renewed"), new TestAuthority("Renewed"));
        var link = older.Certify(newer, withIdentifiers: withIdentifiers);
        var root = older.Certify(older, withIdentifiers: withIdentifiers);
        var leaf = newer.Issue("alice@example.com", withIdentifiers: withIdentifiers);

        new ChainAssembly([link]).Above(leaf).ShouldBe([link]);
        new ChainAssembly([link, root]).AllAbove(leaf).ShouldContain(root);
        new ChainAssembly([link, root]).AllAbove(root).ShouldBeEmpty();
    }

    [Fact]
    public void The_root_that_ended_is_named_where_no_other_way_holds()
    {
        var verdict = new TrustStore([Old.Root(to: Past)], []).Judge(Old.Issue(Bob), [], TestPki.Now);

        verdict.Reasons.ShouldContain(reason => reason.StartsWith("CN=Old Root: it is valid from 2024-01-01 to 2026-11-10", StringComparison.Ordinal));
    }

    [Fact]
    public void A_crowd_of_one_name_hides_no_configured_way()
    {
        X509Certificate2[] crowd = [.. Enumerable.Range(0, 300).Select(_ => TestPki.Public(New.Certify(IssuingOther, withIdentifiers: false)))];
        var store = new TrustStore([Old.Root(), New.Root()], [Old.Certify(Issuing, withIdentifiers: false)]);

        store.Judge(Issuing.Issue(Bob, withIdentifiers: false), crowd, TestPki.Now).IsTrusted.ShouldBeTrue();
        store.Judge(OldOther.Issue(Bob), crowd, TestPki.Now).IsTrusted.ShouldBeFalse();
    }

    [Fact]
    public void What_is_sent_along_is_completed_by_what_is_trusted_and_known()
    {
        var (root, intermediate) = (Old.Root(), Old.Certify(Issuing));
        var own = Own(Issuing.Issue(Bob));

        Complete([root], [intermediate], own).ShouldBe(["CN=Issuing", "CN=Old Root"]);
        Complete([], [intermediate], own).ShouldBe(["CN=Issuing"]);
        Complete([root], [], own).ShouldBeEmpty();
        Complete([], [], own with { Issuers = [intermediate, root] }).ShouldBe(["CN=Issuing", "CN=Old Root"]);

        // The last one is valid longest, but not yet.
        var later = Old.Certify(Issuing, from: Future, to: TestPki.NotAfter.AddYears(1));
        new TrustStore([], [later, intermediate]).Complete(own, TestPki.Now).ShouldHaveSingleItem().RawData.ShouldBe(intermediate.RawData);
    }

    private static OwnCertificate Own(X509Certificate2 certificate) => new("own", "own.pfx", certificate, [], CertificateTraits.Read(certificate));

    private static IEnumerable<string> Complete(X509Certificate2[] roots, X509Certificate2[] intermediates, OwnCertificate own) =>
        new TrustStore(roots, intermediates).Complete(own, TestPki.Now).Select(certificate => certificate.Subject);

    private static IEnumerable<X509Certificate2[]> Orders(X509Certificate2[] certificates) => certificates.Length < 2
        ? [certificates]
        : certificates.SelectMany((first, place) => Orders([.. certificates.Where((_, other) => other != place)]).Select(rest => rest.Prepend(first).ToArray()));
}
