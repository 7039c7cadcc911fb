using System.Security.Cryptography;

namespace SmimeGateway.Cms.Algorithms.Modern;

/// <summary>
/// The border to Bouncy Castle, which has what the framework lacks. Nothing outside this folder names its types, so that its assembly is loaded
/// with the first key that needs it.
/// </summary>
internal static class BouncyCastle
{
    /// <summary>
    /// Calls it. It tells of bytes that it cannot use by exceptions of a dozen kinds, some of them such that others mean a bug by;
    /// all of them become the one that the framework has for this.
    /// </summary>
    /// <exception cref="CryptographicException">It threw anything.</exception>
    public static T Call<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception exception) when (exception is not (CryptographicException or OutOfMemoryException))
        {
            throw new CryptographicException($"The key, or what is to be computed with it, cannot be used: {exception.GetType().Name}.", exception);
        }
    }
}
