using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class EmptyFoldersCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_roots_without_any_is_warned_about()
    {
        Directory.CreateDirectory(_folder["empty"]);
        Directory.CreateDirectory(_folder["other"]);
        File.WriteAllText(_folder["other/readme.txt"], "roots go here");
        Directory.CreateDirectory(_folder["full"]);
        File.WriteAllText(_folder["full/root.pem"], TestPki.MakeCertificatePem(TestPki.Chain));

        var findings = EmptyFoldersCheck.Check("roots", [_folder["empty"], _folder["other"], _folder["full"], _folder["full/root.pem"], _folder["missing"]]).ToList();

        findings.ShouldAllBe(finding => finding.Severity == CheckSeverity.Warning);
        findings.Select(finding => finding.Subject).ShouldBe([$"roots: {_folder["empty"]}", $"roots: {_folder["other"]}"]);
    }
}
