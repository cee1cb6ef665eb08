-- Where the files of a video are, such as s3://bucket/prefix/recording/v001;
-- NULL is the folder of the recordings.
ALTER TABLE recording_videos ADD COLUMN place TEXT;
