using System.Security.Cryptography.X509Certificates;
using SmimeGateway.Certificates.Trusting;
using SmimeGateway.TestSupport;
using Xunit.Abstractions;

namespace SmimeGateway.Certificates.Tests.Trusting;

/// <summary>The path validation tests of NIST that need no revocation list, as of 2005, when their certificates were valid.</summary>
public sealed class PkitsTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Then = new(2005, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Parts of names of the tests of sections 4.4, 4.7 (cRLSign), 4.14 and 4.15, whose answer is in revocation lists.</summary>
    private static readonly string[] NeedRevocation =
        ["CRL", "cRL", "Revoked", "IDP", "onlySome", "onlyContains", "distributionPoint", "issuingDistributionPoint", "SerialNumber", "SeparateCertificate", "BasicSelfIssued"];

    /// <summary>
    /// Accepted although PKITS says invalid: what is wrong with them are certificate policies, of which a mail gateway demands none, and
    /// which neither the framework nor OpenSSL evaluate unless some are demanded.
    /// </summary>
    private static readonly string[] PoliciesAreNotDemanded =
    [
        "InvalidMappingFromanyPolicyTest7EE", "InvalidMappingToanyPolicyTest8EE",
        "InvalidPolicyMappingTest2EE", "InvalidPolicyMappingTest4EE", "InvalidPolicyMappingTest10EE",
        "InvalidSelfIssuedinhibitAnyPolicyTest8EE", "InvalidSelfIssuedinhibitAnyPolicyTest10EE",
        "InvalidSelfIssuedinhibitPolicyMappingTest8EE", "InvalidSelfIssuedinhibitPolicyMappingTest9EE",
        "InvalidSelfIssuedinhibitPolicyMappingTest10EE", "InvalidSelfIssuedinhibitPolicyMappingTest11EE",
        "InvalidSelfIssuedrequireExplicitPolicyTest7EE", "InvalidSelfIssuedrequireExplicitPolicyTest8EE",
        "InvalidinhibitAnyPolicyTest1EE", "InvalidinhibitAnyPolicyTest4EE", "InvalidinhibitAnyPolicyTest5EE", "InvalidinhibitAnyPolicyTest6EE",
        "InvalidinhibitPolicyMappingTest1EE", "InvalidinhibitPolicyMappingTest3EE", "InvalidinhibitPolicyMappingTest5EE", "InvalidinhibitPolicyMappingTest6EE",
        "InvalidrequireExplicitPolicyTest3EE", "InvalidrequireExplicitPolicyTest5EE",
    ];

    /// <summary>Refused although PKITS says valid: no mail program of today reads DSA.</summary>
    private static readonly string[] DsaIsNotSupported = ["ValidDSAParameterInheritanceTest5EE", "ValidDSASignaturesTest4EE"];

    [Fact]
    public void Paths_are_judged_as_published()
    {
        if (Corpora.Folder("pkits-2004/certs") is not { } folder)
        {
            output.WriteLine("Skipped: ../shared/corpora/pkits-2004 is not there.");
            return;
        }

        var all = Directory.GetFiles(folder, "*.crt").ToDictionary(Name, X509CertificateLoader.LoadCertificateFromFile);
        var authorities = all.Where(pair => pair.Key.EndsWith("Cert", StringComparison.Ordinal)).Select(pair => pair.Value);
        var store = new TrustStore([all["TrustAnchorRootCertificate"]], authorities);
        var tests = all.Where(pair => pair.Key.EndsWith("EE", StringComparison.Ordinal)
            && (pair.Key.StartsWith("Valid", StringComparison.Ordinal) || pair.Key.StartsWith("Invalid", StringComparison.Ordinal))
            && !Array.Exists(NeedRevocation, part => pair.Key.Contains(part, StringComparison.Ordinal))).ToList();

        var differing = new List<string>();
        foreach (var (name, leaf) in tests)
        {
            var verdict = store.Judge(leaf, [], Then);
            if (verdict.IsTrusted != name.StartsWith("Valid", StringComparison.Ordinal))
            {
                differing.Add(name);
                output.WriteLine($"{name}: {string.Join("; ", verdict.Reasons)}");
            }
        }

        tests.Count.ShouldBeGreaterThan(100);
        differing.ShouldBe(PoliciesAreNotDemanded.Concat(DsaIsNotSupported), ignoreOrder: true);
    }

    private static string Name(string path) => Path.GetFileNameWithoutExtension(path);
}
