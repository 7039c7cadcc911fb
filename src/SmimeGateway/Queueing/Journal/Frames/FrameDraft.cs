using SmimeGateway.Smtp;

namespace SmimeGateway.Queueing.Journal.Frames;

/// <summary>
/// A frame on its way to the journal. It is put together by the caller; the writer only stamps the header of the segment it goes to.
/// Contents are not copied: they are written from where they are.
/// </summary>
internal sealed class FrameDraft
{
    private const byte UnknownProtection = byte.MaxValue;

    private EntryBuffer _entries = new();
    private ReadOnlyMemory<byte> _content;
    private List<ReadOnlyMemory<byte>>? _moreContents;
    private long _contentsLength;
    private bool _isSealed;
    private FrameHeader _header;

    /// <summary>The length of the whole frame.</summary>
    public long Length => _entries.End + _contentsLength;

    /// <summary>Adds a message; its content too, unless it has a file of its own.</summary>
    public void AddMessage(MessageEntry message, ReadOnlyMemory<byte> content)
    {
        var envelope = message.Envelope;
        _entries.Put((byte)EntryKind.Message);
        _entries.Put(message.Sequence);
        _entries.Put(message.AcceptedTicks);
        _entries.Put(message.ContentLength);
        _entries.Put((int)message.ContentChecksum);
        _entries.Put((byte)((envelope.Body == BodyType.EightBitMime ? EntryFlags.EightBit : 0)
            | (envelope.SmtpUtf8 ? EntryFlags.SmtpUtf8 : 0)
            | (message.IsOwnFile ? EntryFlags.OwnFile : 0)
            | (message.IsHeld ? EntryFlags.Held : 0)));
        _entries.Put((byte?)message.Protection ?? UnknownProtection);
        _entries.Put((byte)envelope.Return);
        _entries.Put(envelope.Recipients.Count);
        PutState(message.State, envelope.Recipients.Count);
        _entries.Put(envelope.EnvelopeId);
        _entries.Put(envelope.ReversePath);
        for (var i = 0; i < envelope.Recipients.Count; i++)
        {
            var recipient = envelope.Recipients[i];
            _entries.Put(recipient.Path);
            _entries.Put((byte)recipient.Notify);
            _entries.Put(recipient.OriginalRecipient);
        }

        StatusEncoding.Write(ref _entries, message.Statuses);
        if (!message.IsOwnFile && !content.IsEmpty)
        {
            AddContent(content);
        }
    }

    /// <summary>Adds what an attempt came to.</summary>
    public void AddProgress(long sequence, DeliveryState state, int recipients, IReadOnlyList<RecipientStatus> statuses)
    {
        _entries.Put((byte)EntryKind.Progress);
        _entries.Put(sequence);
        _entries.Put(recipients);
        PutState(state, recipients);
        StatusEncoding.Write(ref _entries, statuses);
    }

    /// <summary>Adds that no recipient is left.</summary>
    public void AddEnded(long sequence)
    {
        _entries.Put((byte)EntryKind.Ended);
        _entries.Put(sequence);
    }

    /// <summary>Adds that an administrator holds or releases a message.</summary>
    public void AddHold(long sequence, bool isHeld)
    {
        _entries.Put((byte)EntryKind.Hold);
        _entries.Put(sequence);
        _entries.Put(isHeld ? (byte)1 : (byte)0);
    }

    /// <summary>Computes what does not depend on the segment. Nothing is added afterwards.</summary>
    public void Seal()
    {
        if (Length > FrameHeader.MaxFrameLength)
        {
            throw new InvalidOperationException($"A frame of {Length} bytes is longer than any reader accepts.");
        }

        _header = new FrameHeader(_entries.Entries.Length, (int)_contentsLength, Crc32C.Of(_entries.Entries));
        _isSealed = true;
    }

    /// <summary>Stamps the frame for a segment and adds its pieces to those to be written.</summary>
    public void WriteTo(List<ReadOnlyMemory<byte>> pieces, ulong mark)
    {
        if (!_isSealed)
        {
            throw new InvalidOperationException("The frame is not sealed.");
        }

        _header.Encode(_entries.Bytes.Span, mark);
        pieces.Add(_entries.Bytes);
        if (!_content.IsEmpty)
        {
            pieces.Add(_content);
        }

        if (_moreContents is not null)
        {
            pieces.AddRange(_moreContents);
        }
    }

    /// <summary>Lets go of the contents and the buffer.</summary>
    public void Release()
    {
        _entries.Release();
        _content = default;
        _moreContents = null;
        _isSealed = false;
    }

    private void AddContent(ReadOnlyMemory<byte> content)
    {
        _contentsLength += content.Length;
        if (_content.IsEmpty)
        {
            _content = content;
        }
        else
        {
            (_moreContents ??= []).Add(content);
        }
    }

    private void PutState(DeliveryState state, int recipients)
    {
        _entries.Put(state.Attempts);
        _entries.Put(state.NextAttemptTicks);
        _entries.Put(state.PauseTicks);
        _entries.Put(state.IsDelayReported ? (byte)1 : (byte)0);
        for (var word = 0; word < RecipientSet.WordsFor(recipients); word++)
        {
            _entries.Put((long)state.Ended.Word(word));
        }
    }
}
