using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>What the last attempt came to for one recipient that is still pending.</summary>
/// <param name="Place">Its place in the whole envelope.</param>
/// <param name="Status">What was said; recipients that heard the same share one.</param>
internal readonly record struct RecipientStatus(int Place, DeliveryStatus Status);
