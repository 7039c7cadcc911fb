namespace SmimeGateway.TestSupport;

/// <summary>Where the source tree and the gateway built from it lie, seen from a running test.</summary>
public static class Repository
{
    /// <summary>The folder of SmimeGateway.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The gateway's executable, of the same build configuration as the running tests.</summary>
    public static string GatewayExecutable { get; } = Path.Combine(
        Root, "artifacts", "bin", "SmimeGateway.Host", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "smimegateway");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "SmimeGateway.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("SmimeGateway.sln is in no folder above " + AppContext.BaseDirectory);
    }
}
