using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace SmimeGateway.Host.Admin;

/// <summary>Why a request was not carried out.</summary>
/// <param name="Error">A sentence for the administrator.</param>
internal sealed record AdminRefusal(string Error);

/// <summary>Writes the replies of the admin socket, and reads its requests.</summary>
internal static class AdminReply
{
    /// <summary>Answers with a value.</summary>
    public static Task GiveAsync<T>(HttpContext context, T value) =>
        context.Response.WriteAsJsonAsync(value, AdminJson.Options, context.RequestAborted);

    /// <summary>Answers that the request is not carried out.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        return GiveAsync(context, new AdminRefusal(sentence));
    }

    /// <summary>Reads the body of a request, or refuses it and returns null.</summary>
    public static async Task<T?> ReadAsync<T>(HttpContext context)
        where T : class
    {
        try
        {
            if (await JsonSerializer.DeserializeAsync<T>(context.Request.Body, AdminJson.Options, context.RequestAborted) is { } value)
            {
                return value;
            }

            await RefuseAsync(context, StatusCodes.Status400BadRequest, "The request has no content.");
        }
        catch (JsonException malformed)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "The request cannot be understood: " + malformed.Message);
        }
        catch (BadHttpRequestException refused)
        {
            await RefuseAsync(context, refused.StatusCode, refused.Message);
        }

        return null;
    }
}
