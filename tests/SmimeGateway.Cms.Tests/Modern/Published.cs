using System.Security.Cryptography;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Cms.Tests.Modern;

/// <summary>The examples of RFC 9882 appendix B and RFC 9936 appendix C.</summary>
internal static class Published
{
    /// <summary>The object in a file.</summary>
    public static byte[] Read(string file)
    {
        var pem = File.ReadAllText(Path.Combine(Repository.Root, "tests", "SmimeGateway.Cms.Tests", "Modern", "Published", file));
        return Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
    }
}
